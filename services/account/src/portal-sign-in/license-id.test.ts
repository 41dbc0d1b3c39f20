import { randomUUID } from 'node:crypto';
import { CUSTOMER_SCOPES, type PortalSession } from '@smartserver/contracts';
import { expectProblem } from '@smartserver/testing';
import { refreshCookieOf } from '../../test/harness.ts';
import { claimsOf, cookieOf, type Portal, startPortal, wholeAnswer } from '../../test/portal.ts';

/* Sign-in with a License ID. */

let portal: Portal;
beforeAll(async () => {
  portal = await startPortal();
});
afterAll(() => portal.close());

test('a License ID shows exactly that license, and nothing of the account that it is in', async () => {
  const licenseId = await portal.licenseChanged();
  const response = await portal.signIn(licenseId.toUpperCase());
  expect(response.statusCode).toBe(201);
  expect(response.headers['cache-control']).toBe('no-store');
  const { accessToken, ...rest } = response.json<PortalSession>();
  expect(rest).toEqual({ tokenType: 'Bearer', expiresIn: 900 });
  const iat = portal.clock.now().getTime() / 1000;
  expect(claimsOf(response)).toMatchObject({
    actor: 'customer',
    sub: licenseId,
    licenseIds: [licenseId],
    customerIds: [],
    scope: CUSTOMER_SCOPES.join(' '),
    iat,
    exp: iat + 900,
  });
  const me = await portal.call({
    method: 'GET',
    url: '/v1/me',
    headers: { authorization: `Bearer ${accessToken}` },
  });
  expect(me.json()).toMatchObject({ kind: 'customer', id: licenseId, customerId: null, partnerId: null });
});

test('the refresh token is a cookie for the sign-in operations only, out of reach of scripts and other sites', async () => {
  const response = await portal.signIn(await portal.licenseChanged());
  expect(String(response.headers['set-cookie'])).toMatch(
    /^refresh_token=[^;]+; Max-Age=43200; Path=\/v1\/auth; HttpOnly; Secure; SameSite=Strict$/,
  );
});

test('an ID that is unknown, in an inventory, taken back or revoked is answered alike, to the byte', async () => {
  const unknown = randomUUID();
  const inventory = await portal.licenseChanged(portal.inInventory);
  const revoked = await portal.licenseChanged({ standing: 'revoked' });
  const takenBack = await portal.licenseChanged();
  await portal.licenseChanged({ ...portal.inInventory, licenseId: takenBack, version: 2 });
  const headers = { 'x-request-id': 'the-same-for-all' };
  const answers = [];
  for (const licenseId of [unknown, inventory, revoked, takenBack]) {
    answers.push(await portal.signIn(licenseId, '198.51.100.1', headers));
  }
  for (const answer of answers) expectProblem(answer, 404, 'license_not_found');
  expect(answers[0]?.json().detail).toContain('once a SmartServer partner has transferred the license');
  expect(new Set(answers.map((answer) => JSON.stringify(wholeAnswer(answer)))).size).toBe(1);
});

test('a suspended license signs in: its owner sees that it is suspended', async () => {
  expect((await portal.signIn(await portal.licenseChanged({ standing: 'suspended' }))).statusCode).toBe(201);
});

test('an event of a license that comes late, after a newer version, changes nothing', async () => {
  const licenseId = await portal.licenseChanged({ version: 5 });
  await portal.licenseChanged({ ...portal.inInventory, licenseId, version: 4 });
  expect((await portal.signIn(licenseId)).statusCode).toBe(201);
  await portal.licenseChanged({ ...portal.inInventory, licenseId, version: 6 });
  expectProblem(await portal.signIn(licenseId), 404, 'license_not_found');
});

describe('a session of a License ID', () => {
  test('is refreshed with another token of the same right, and ended by a sign-out', async () => {
    const licenseId = await portal.licenseChanged();
    const cookie = cookieOf(await portal.signIn(licenseId));
    portal.clock.advance(10 * 60_000);
    const response = await portal.refresh(cookie);
    expect(claimsOf(response)).toMatchObject({ sub: licenseId, licenseIds: [licenseId], customerIds: [] });
    const next = refreshCookieOf(response);
    expect(next).not.toBe(cookie);
    expect((await portal.logout(next)).statusCode).toBe(204);
    expectProblem(await portal.refresh(next), 401, 'session_expired');
  });

  const customerId = randomUUID();
  test.each([
    ['leaves its customer', { customerId: null, owner: 'inventory' as const }],
    ['goes to another customer', { customerId: randomUUID() }],
    ['is revoked', { customerId, standing: 'revoked' as const }],
  ])('ends when the license %s, also if it comes back', async (_, state) => {
    const licenseId = await portal.licenseChanged({ customerId });
    const cookie = cookieOf(await portal.signIn(licenseId));
    await portal.licenseChanged({ ...state, licenseId, version: 2 });
    expectProblem(await portal.refresh(cookie), 401, 'session_expired');
    await portal.licenseChanged({ customerId, licenseId, version: 3 });
    expectProblem(await portal.refresh(cookie), 401, 'session_expired');
    expect((await portal.signIn(licenseId)).statusCode).toBe(201);
  });

  test('goes on while the license is suspended, noted on or split', async () => {
    const licenseId = await portal.licenseChanged({ customerId });
    const cookie = cookieOf(await portal.signIn(licenseId));
    await portal.licenseChanged({ customerId, licenseId, standing: 'suspended', deviceCount: 1, version: 2 });
    expect((await portal.refresh(cookie)).statusCode).toBe(200);
  });

  test('ends for everybody when a refresh token that was replaced comes back', async () => {
    const stolen = cookieOf(await portal.signIn(await portal.licenseChanged()));
    const owned = refreshCookieOf(await portal.refresh(stolen));
    portal.clock.advance(10_001);
    expectProblem(await portal.refresh(stolen), 401, 'session_expired');
    expectProblem(await portal.refresh(owned), 401, 'session_expired');
  });
});

test('a sign-in whose answer was lost gets the same answer again with its idempotency key', async () => {
  const licenseId = await portal.licenseChanged();
  const headers = { 'idempotency-key': randomUUID() };
  const [first, again] = [
    await portal.signIn(licenseId, '198.51.100.2', headers),
    await portal.signIn(licenseId, '198.51.100.3', headers),
  ];
  expect([again.statusCode, again.body]).toEqual([201, first.body]);
  expect(refreshCookieOf(again)).toBe(refreshCookieOf(first));
});

test('what is no License ID is refused by name, and not repeated', async () => {
  for (const licenseId of ['', 'canary-7f3a', 42, null]) {
    const response = await portal.signIn(licenseId as string);
    expect(expectProblem(response, 400, 'validation_failed').errors?.[0]?.pointer).toBe('/licenseId');
    expect(response.body).not.toContain('canary');
  }
});

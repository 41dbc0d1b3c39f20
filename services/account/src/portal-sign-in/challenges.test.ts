import { randomUUID } from 'node:crypto';
import { CUSTOMER_SCOPES, type PortalChallenge, type PortalSession } from '@smartserver/contracts';
import { createSeal } from '@smartserver/service-kit';
import { actors, expectProblem } from '@smartserver/testing';
import { refreshCookieOf } from '../../test/harness.ts';
import { addressNumber, claimsOf, cookieOf, type Portal, startPortal } from '../../test/portal.ts';

/* Sign-in with a code that is e-mailed. */

const MINUTE = 60_000;

let portal: Portal;
beforeAll(async () => {
  portal = await startPortal();
});
afterAll(() => portal.close());
// Another full hour for each test: another slot, and no limit is reached.
beforeEach(() => portal.clock.advance(60 * MINUTE - (portal.clock.now().getTime() % (60 * MINUTE))));

test('the code from the e-mail signs in to every account of every partner that lists the address, and to no other', async () => {
  const [first, second] = [await portal.newAccount('anna@example.com'), await portal.newAccount('Anna@Example.com')];
  await portal.newAccount('jens@example.com');
  const asked = await portal.ask('ANNA@example.com');
  expect(asked.statusCode).toBe(202);
  const { challengeId, expiresAt } = asked.json<PortalChallenge>();
  expect(expiresAt).toBe(new Date(portal.clock.now().getTime() + 10 * MINUTE).toISOString());
  expect(asked.headers['set-cookie']).toBeUndefined();

  const response = await portal.verify(challengeId, await portal.codeFor('anna@example.com'));
  expect(response.statusCode).toBe(200);
  const { accessToken: _, ...rest } = response.json<PortalSession>();
  expect(rest).toEqual({ tokenType: 'Bearer', expiresIn: 900 });
  const claims = claimsOf(response);
  expect(claims).toMatchObject({ actor: 'customer', licenseIds: [], scope: CUSTOMER_SCOPES.join(' ') });
  expect(new Set(claims.customerIds as string[])).toEqual(new Set([first.customerId, second.customerId]));
  expect(String(response.headers['set-cookie'])).toMatch(
    /^refresh_token=[^;]+; Max-Age=43200; Path=\/v1\/auth; HttpOnly; Secure; SameSite=Strict$/,
  );
});

test('the owner of an address is always remembered by the same id, which does not reveal the address', async () => {
  await portal.newAccount('same@example.com');
  const one = claimsOf(await portal.signInByEmail('same@example.com'));
  portal.clock.advance(MINUTE);
  const other = claimsOf(await portal.signInByEmail('SAME@example.com'));
  expect(one.sub).toBe(other.sub);
  expect(one.sub).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
});

test('the message to notification is sealed, in the language of the contact, and to the address that the partner wrote', async () => {
  await portal.newAccount('Jens.Mueller@Example.com', 'de');
  const { challengeId, expiresAt } = (await portal.ask('jens.mueller@example.com')).json<PortalChallenge>();
  const message = (await portal.messages()).at(-1);
  expect(message).toMatchObject({ challengeId, expiresAt, recipient: 'Jens.Mueller@Example.com', language: 'de' });
  expect(message?.code).toMatch(/^[0-9]{6}$/);
  const other = createSeal(Buffer.alloc(32, 1));
  expect(() => other.open(message?.sealed ?? '', challengeId)).toThrow();
});

test('an address that nobody knows gets the same answer and the same message, with nobody to send it to', async () => {
  await portal.newAccount('known@example.com');
  const before = (await portal.messages()).length;
  await portal.ask('known@example.com');
  await portal.ask('unknown@example.com');
  const [known, unknown] = (await portal.messages()).slice(before);
  expect(unknown).toMatchObject({ recipient: null, language: 'en', expiresAt: known?.expiresAt });
  expect(unknown?.sealed).toHaveLength(known?.sealed.length ?? 0);
});

test('even the right code of an address that nobody knows signs nobody in', async () => {
  const challengeId = await portal.challenge('nobody@example.com');
  const code = (await portal.messages()).at(-1)?.code ?? '';
  expectProblem(await portal.verify(challengeId, code), 401, 'challenge_failed');
});

describe('asking again', () => {
  test('within the minute sends no second e-mail: each challenge takes the code that was sent', async () => {
    await portal.newAccount('again@example.com');
    const before = (await portal.messages()).length;
    const asked = await Promise.all(
      Array.from({ length: 8 }, (_, n) => portal.ask('again@example.com', addressNumber(n))),
    );
    expect((await portal.messages()).length).toBe(before + 1);
    const challenges = asked.map((response) => response.json<PortalChallenge>());
    expect(new Set(challenges.map(({ challengeId }) => challengeId)).size).toBe(8);
    expect(new Set(challenges.map(({ expiresAt }) => expiresAt)).size).toBe(1);
    const code = await portal.codeFor('again@example.com');
    expect((await portal.verify(challenges[7]?.challengeId ?? '', code)).statusCode).toBe(200);
  });

  test('in the next minute, or after the code was used, sends another one; a code sent before is still good', async () => {
    await portal.newAccount('next@example.com');
    const before = (await portal.messages()).length;
    const first = await portal.challenge('next@example.com');
    const firstCode = await portal.codeFor('next@example.com');
    portal.clock.advance(MINUTE);
    await portal.challenge('next@example.com');
    expect((await portal.messages()).length).toBe(before + 2);
    expect((await portal.verify(first, firstCode)).statusCode).toBe(200);
    expect((await portal.signInByEmail('next@example.com')).statusCode).toBe(200);
    expect((await portal.signInByEmail('next@example.com')).statusCode).toBe(200);
    expect((await portal.messages()).length).toBe(before + 3);
  });

  test('with the same idempotency key gives the same challenge; another address under it is another request', async () => {
    await portal.newAccount('key@example.com');
    const headers = { 'idempotency-key': randomUUID() };
    const answers = [
      await portal.ask('key@example.com', '198.51.100.1', headers),
      await portal.ask('key@example.com', '198.51.100.2', headers),
    ];
    expect(answers[1]?.body).toBe(answers[0]?.body);
    const other = await portal.ask('other@example.com', '198.51.100.1', headers);
    expect(other.json().challengeId).not.toBe(answers[0]?.json().challengeId);
  });
});

describe('contacts change', () => {
  test('a contact that was removed before the code was typed in does not get in', async () => {
    const { customerId, contactId } = await portal.newAccount('gone@example.com');
    const challengeId = await portal.challenge('gone@example.com');
    await portal.removeContact(customerId, contactId);
    expectProblem(await portal.verify(challengeId, await portal.codeFor('gone@example.com')), 401, 'challenge_failed');
  });

  test('at each refresh a session sees the accounts that list the address then; without any it ends', async () => {
    const first = await portal.newAccount('moves@example.com');
    const signedIn = await portal.signInByEmail('moves@example.com');
    expect(claimsOf(signedIn).customerIds).toEqual([first.customerId]);
    const second = await portal.newAccount('moves@example.com');
    let response = await portal.refresh(cookieOf(signedIn));
    expect(claimsOf(response).customerIds).toEqual([second.customerId, first.customerId]);
    await portal.removeContact(first.customerId, first.contactId);
    response = await portal.refresh(cookieOf(response));
    expect(claimsOf(response).customerIds).toEqual([second.customerId]);
    await portal.removeContact(second.customerId, second.contactId);
    const cookie = cookieOf(response);
    expectProblem(await portal.refresh(cookie), 401, 'session_expired');
    await portal.addContact(second.customerId, 'moves@example.com');
    expectProblem(await portal.refresh(cookie), 401, 'session_expired');
  });

  test('a token is short enough for a header: of more than 200 accounts it names the newest', async () => {
    const partnerId = await portal.newPartner();
    const customerIds = Array.from({ length: 205 }, () => randomUUID());
    const { pool } = portal.database;
    await pool.query(
      `insert into customers (customer_id, partner_id, row_id, name, name_key, created_at)
       select id, $1, id, id::text, id::text, now() from unnest($2::uuid[]) as id`,
      [partnerId, customerIds],
    );
    // The first one is the newest.
    await pool.query(
      `insert into contacts (contact_id, customer_id, email, email_key, name, language, created_at)
       select ('01927f6e-0000-7000-8000-' || lpad(to_hex(1000 - n), 12, '0'))::uuid, id, $2, $2, 'Contact', 'en', now()
       from unnest($1::uuid[]) with ordinality as customer (id, n)`,
      [customerIds, 'many@example.com'],
    );
    const response = await portal.signInByEmail('many@example.com');
    expect(claimsOf(response).customerIds).toEqual(customerIds.slice(0, 200));
    expect(response.json<PortalSession>().accessToken.length).toBeLessThan(12_000);
  });
});

test('reuse of a replaced refresh token ends the session for its owner and the thief alike', async () => {
  await portal.newAccount('family@example.com');
  const stolen = cookieOf(await portal.signInByEmail('family@example.com'));
  const owned = refreshCookieOf(await portal.refresh(stolen));
  portal.clock.advance(10_001);
  expectProblem(await portal.refresh(stolen), 401, 'session_expired');
  expectProblem(await portal.refresh(owned), 401, 'session_expired');
});

test('what is no address, no code and no challenge is refused by name, and not repeated', async () => {
  const canary = 'canary-7f3a';
  expectProblem(await portal.ask(canary), 400, 'validation_failed');
  for (const code of [canary, '12345', '1234567', '12345a', '１２３４５６', 123456]) {
    const response = await portal.verify(randomUUID(), code as string);
    expect(expectProblem(response, 400, 'validation_failed').errors?.[0]?.pointer).toBe('/code');
    expect(response.body).not.toContain('canary');
  }
  const response = await portal.verify(canary, '123456');
  expect(expectProblem(response, 400, 'validation_failed').errors?.[0]?.pointer).toBe('path/challengeId');
});

test('a token of a customer opens nothing that belongs to partners or Customer Success', async () => {
  await portal.newAccount('scope@example.com');
  const { accessToken } = (await portal.signInByEmail('scope@example.com')).json<PortalSession>();
  const headers = { authorization: `Bearer ${accessToken}` };
  for (const url of ['/v1/customers', '/v1/partners', '/v1/api-clients']) {
    expectProblem(await portal.call({ method: 'GET', url, headers }), 403, 'scope_missing');
  }
  expect((await portal.as(actors.staff(), { method: 'GET', url: '/v1/partners' })).statusCode).toBe(200);
});

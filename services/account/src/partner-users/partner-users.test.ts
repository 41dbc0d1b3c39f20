import { randomUUID } from 'node:crypto';
import { actors, expectProblem } from '@smartserver/testing';
import { startTestApp, type TestApp } from '../../test/harness.ts';

let account: TestApp;
beforeAll(async () => {
  account = await startTestApp();
});
afterAll(() => account.close());

const get = (url: string) => account.as(actors.staff(), { method: 'GET', url });

test('an invited user is listed with its status, and its invitation token is in the answer to the invitation only', async () => {
  const partnerId = await account.newPartner();
  const invited = await account.invite(partnerId, { email: 'Ivy@Example.com', role: 'member' });
  expect(invited.statusCode).toBe(201);
  const { invitationToken, invitationExpiresAt, ...user } = invited.json();
  expect(user).toEqual({
    userId: expect.any(String),
    email: 'Ivy@Example.com',
    role: 'member',
    status: 'invited',
    createdAt: '2026-03-01T12:00:00.000Z',
  });
  expect(invitationExpiresAt).toBe('2026-03-08T12:00:00.000Z');
  expect((await get(`/v1/partners/${partnerId}/users`)).json()).toEqual({ items: [user], nextCursor: null });
  await account.accept(invitationToken);
  const { items } = (await get(`/v1/partners/${partnerId}/users`)).json();
  expect(items.map((u: { status: string }) => u.status)).toEqual(['active']);
});

test('an e-mail address is one user, over all partners and whatever its case', async () => {
  const partnerId = await account.newPartner();
  const other = await account.newPartner();
  await account.invite(partnerId, { email: 'one@example.net', role: 'admin' });
  expectProblem(await account.invite(other, { email: 'ONE@example.NET', role: 'admin' }), 409, 'email_taken');
});

test('inviting a user again who has not accepted replaces token and role; an active one is taken', async () => {
  const partnerId = await account.newPartner();
  const first = (await account.invite(partnerId, { email: 'again@example.com', role: 'viewer' })).json();
  const second = (await account.invite(partnerId, { email: 'again@example.com', role: 'admin' })).json();
  expect([second.userId, second.role]).toEqual([first.userId, 'admin']);
  expectProblem(await account.accept(first.invitationToken), 404, 'invitation_not_found');
  expect((await account.accept(second.invitationToken)).statusCode).toBe(200);
  expectProblem(await account.invite(partnerId, { email: 'again@example.com', role: 'admin' }), 409, 'email_taken');
});

test('a repeated invitation with the same idempotency key shows the same token again, which is stored nowhere', async () => {
  const partnerId = await account.newPartner();
  const headers = { 'idempotency-key': randomUUID() };
  const actor = actors.staff();
  const request = {
    method: 'POST',
    url: `/v1/partners/${partnerId}/users`,
    body: { email: 'repeat@example.com', role: 'admin' },
    headers,
  } as const;
  const answers = await Promise.all([account.as(actor, request), account.as(actor, request)]);
  expect(answers[0]?.body).toBe(answers[1]?.body);
  const token: string = answers[0]?.json().invitationToken;
  const rows = await account.database.kysely.selectFrom('idempotency_keys').selectAll().execute();
  expect(JSON.stringify(rows)).not.toContain(token);
  expect(JSON.stringify(account.logger.lines())).not.toContain(token);
});

test('users of an unknown partner are not found', async () => {
  expectProblem(await get(`/v1/partners/${randomUUID()}/users`), 404, 'partner_not_found');
  expectProblem(
    await account.invite(randomUUID(), { email: 'x@example.org', role: 'admin' }),
    404,
    'partner_not_found',
  );
});

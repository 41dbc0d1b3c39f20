import { randomUUID } from 'node:crypto';
import type { PartnerPage } from '@smartserver/contracts';
import { actors, expectProblem, outboxEvents } from '@smartserver/testing';
import { startTestApp, type TestApp } from './support.ts';

let account: TestApp;
beforeAll(async () => {
  account = await startTestApp();
});
afterAll(() => account.close());

const get = (url: string) => account.as(actors.staff(), { method: 'GET', url });

test('Customer Success adds a partner, reads it, and one event tells of it', async () => {
  const actor = actors.staff();
  const body = { name: ' Example Integrators Ltd ' };
  const created = await account.as(actor, { method: 'POST', url: '/v1/partners', body });
  expect(created.statusCode).toBe(201);
  const { partnerId } = created.json();
  expect(created.json()).toEqual({
    partnerId,
    name: 'Example Integrators Ltd',
    createdAt: '2026-03-01T12:00:00.000Z',
    version: 1,
  });
  expect((await get(`/v1/partners/${partnerId}`)).json()).toEqual(created.json());
  const events = (await outboxEvents(account.database)).filter((e) => e.type === 'partner.changed.1');
  expect(events.filter((e) => e.data.partnerId === partnerId)).toEqual([
    expect.objectContaining({
      data: { partnerId, name: 'Example Integrators Ltd', version: 1 },
      actor: { kind: 'staff', id: actor.id },
      occurredAt: '2026-03-01T12:00:00.000Z',
    }),
  ]);
});

test('partners are listed in pages, oldest first', async () => {
  const ids = [await account.newPartner('P1'), await account.newPartner('P2'), await account.newPartner('P3')];
  const seen: string[] = [];
  let cursor: string | null = null;
  do {
    const page: PartnerPage = (await get(`/v1/partners?limit=2${cursor === null ? '' : `&cursor=${cursor}`}`)).json();
    seen.push(...page.items.map((p) => p.partnerId));
    cursor = page.nextCursor;
  } while (cursor !== null);
  expect(seen.slice(-3)).toEqual(ids);
  expect(new Set(seen).size).toBe(seen.length);
});

test('a cursor that no page gave is refused', async () => {
  expectProblem(await get('/v1/partners?cursor=bm9uc2Vuc2U'), 400, 'validation_failed');
});

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

test('partner users, API clients and CMS sessions may neither see partners nor add any', async () => {
  const partnerId = await account.newPartner();
  const cms = actors.cms({ partnerId, customerId: randomUUID(), installCode: '0302E1C2A8F40011' });
  for (const actor of [actors.partnerUser(partnerId), actors.apiClient(partnerId), cms, actors.customer()]) {
    expectProblem(await account.as(actor, { method: 'GET', url: '/v1/partners' }), 403, 'scope_missing');
    const add = { method: 'POST', url: '/v1/partners', body: { name: 'Mine' } } as const;
    expectProblem(await account.as(actor, add), 403, 'scope_missing');
  }
});

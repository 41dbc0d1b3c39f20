import { randomUUID } from 'node:crypto';
import type { PartnerPage } from '@smartserver/contracts';
import { actors, expectProblem, outboxEvents } from '@smartserver/testing';
import { startTestApp, type TestApp } from '../../test/harness.ts';

let account: TestApp;
beforeAll(async () => {
  account = await startTestApp();
});
afterAll(() => account.close());

const get = (url: string) => account.as(actors.staff(), { method: 'GET', url });

test('Customer Success adds a partner, reads it, and one event publishes it', async () => {
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

test('partner users, API clients and CMS sessions may neither see partners nor add any', async () => {
  const partnerId = await account.newPartner();
  const cms = actors.cms({ partnerId, customerId: randomUUID(), installCode: '0302E1C2A8F40011' });
  for (const actor of [actors.partnerUser(partnerId), actors.apiClient(partnerId), cms, actors.customer()]) {
    expectProblem(await account.as(actor, { method: 'GET', url: '/v1/partners' }), 403, 'scope_missing');
    const add = { method: 'POST', url: '/v1/partners', body: { name: 'Mine' } } as const;
    expectProblem(await account.as(actor, add), 403, 'scope_missing');
  }
});

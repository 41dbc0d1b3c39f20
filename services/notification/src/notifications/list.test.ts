import type { Actor, NotificationPage } from '@smartserver/contracts';
import { actors, expectProblem } from '@smartserver/testing';
import { Harness } from '../../test/harness.ts';
import {
  activated,
  anna,
  customerA,
  customerB,
  customerChanged,
  installCode,
  jens,
  partnerA,
  partnerB,
  testLinks,
  transferred,
} from '../../test/support.ts';
import { emailLane } from '../emails/email-lane.ts';

const unknownCustomer = '5e2f6a70-8b1c-4d3e-9f40-6172839a4b5c';
const harness = Harness.install();
const { clock } = harness;

beforeEach(async () => {
  const clara = { email: 'clara@example.net', name: 'Clara', language: 'en' as const };
  const otherCustomer = { customerId: customerB, partnerId: partnerB };
  await harness.arrive(
    customerChanged(),
    customerChanged({ ...otherCustomer, name: 'Other Tower', contacts: [clara] }),
    transferred(),
    activated(),
    transferred(otherCustomer),
  );

  // One of partner A's four e-mails was sent, another one failed.
  const transport = { send: async () => undefined, close: () => undefined };
  const pace = { name: 'e-mails', perSecond: 10_000 } as const;
  const lane = emailLane({ db: harness.database.kysely, links: testLinks, transport, pace });
  const { items: leased } = await lane.lease({ limit: 5, now: clock.now(), leaseEnd: clock.now(), busy: new Map() });
  const first = leased.find((email) => email.recipient === anna.email);
  const second = leased.find((email) => email.recipient === jens.email);
  if (!first || !second) throw new Error('nothing was due');
  await lane.record(first, { kind: 'done' }, clock.now());
  await lane.record(second, { kind: 'failed', failure: '550 5.1.1 no such user' }, clock.now());
});

const get = (actor: Actor | null, query = '') => harness.request(actor, 'GET', `/v1/notifications${query}`);

const list = async (actor: Actor, query = ''): Promise<NotificationPage> => {
  const response = await get(actor, query);
  expect(response.statusCode).toBe(200);
  return response.json();
};

describe('who sees which notifications', () => {
  test.each([
    ['a partner’s admin', actors.partnerUser(partnerA, 'admin')],
    ['a partner’s member', actors.partnerUser(partnerA, 'member')],
    ['a partner’s viewer', actors.partnerUser(partnerA, 'viewer')],
    ['a partner’s API client', actors.apiClient(partnerA)],
  ])('%s sees those of the partner’s accounts and no others', async (_name, actor) => {
    const { items } = await list(actor);
    expect(items).toHaveLength(4);
    expect(new Set(items.map((item) => item.partnerId))).toEqual(new Set([partnerA]));
  });

  test('Customer Success sees those of every partner', async () => {
    const { items } = await list(actors.staff());
    expect(new Set(items.map((item) => item.partnerId))).toEqual(new Set([partnerA, partnerB]));
  });

  test.each([
    ['a customer', actors.customer({ customerIds: [customerA] })],
    ['an API client without the scope', actors.apiClient(partnerA, ['licenses:read'])],
  ])('%s may not ask', async (_name, actor) => {
    expectProblem(await get(actor), 403, 'scope_missing');
  });

  test('nobody sees them without a token', async () => {
    expectProblem(await get(null), 401, 'unauthenticated');
  });

  test('a CMS Owner sees those of the own account and no others', async () => {
    const own = await list(actors.cms({ partnerId: partnerA, customerId: customerA, installCode }));
    expect(own.items).toHaveLength(4);
    const other = await list(actors.cms({ partnerId: partnerA, customerId: unknownCustomer, installCode }));
    expect(other.items).toEqual([]);
  });

  test('even with the scope, a customer would see nothing', async () => {
    const scopes = ['notifications:read'] as const;
    const customer = { ...actors.customer({ customerIds: [customerA] }), scopes };
    expect((await list(customer)).items).toEqual([]);
  });

  test('asking for another partner’s account answers as asking for one that does not exist', async () => {
    const actor = actors.partnerUser(partnerA);
    const foreign = await get(actor, `?customerId=${customerB}`);
    const unknown = await get(actor, `?customerId=${unknownCustomer}`);
    expect(foreign.statusCode).toBe(200);
    expect(foreign.body).toBe(unknown.body);
    expect(foreign.json()).toEqual({ items: [], nextCursor: null });
  });
});

describe('what a notification says', () => {
  test('whom it went to, what it was about and when it was sent', async () => {
    const { items } = await list(actors.partnerUser(partnerA), '?outcome=sent');
    expect(items).toEqual([
      {
        notificationId: expect.any(String),
        subject: 'licenses_transferred',
        partnerId: partnerA,
        customerId: customerA,
        licenseId: null,
        dueAt: clock.now().toISOString(),
        recipient: anna.email,
        outcome: 'sent',
        failure: null,
        createdAt: clock.now().toISOString(),
        sentAt: clock.now().toISOString(),
      },
    ]);
  });

  test('why it failed', async () => {
    const { items } = await list(actors.partnerUser(partnerA), '?outcome=failed');
    expect(items).toMatchObject([{ recipient: jens.email, failure: '550 5.1.1 no such user', sentAt: null }]);
  });
});

describe('the list', () => {
  test('can be narrowed to one account', async () => {
    const { items } = await list(actors.staff(), `?customerId=${customerB.toUpperCase()}`);
    expect(items.map((item) => item.customerId)).toEqual([customerB]);
  });

  test('comes in pages, newest first, each e-mail once, also when new ones arrive meanwhile', async () => {
    const actor = actors.partnerUser(partnerA);
    const whole = (await list(actor)).items.map((item) => item.notificationId);
    expect(whole).toEqual(whole.toSorted().reverse());
    const first = await list(actor, '?limit=3');
    await harness.arrive(transferred());
    const second = await list(actor, `?limit=3&cursor=${first.nextCursor}`);
    expect([...first.items, ...second.items].map((item) => item.notificationId)).toEqual(whole);
    expect(second.nextCursor).toBeNull();
  });

  test.each([
    ['customerId', '?customerId=P2022-0208'],
    ['outcome', '?outcome=lost'],
    ['limit', '?limit=-7531'],
    ['limit', '?limit=201'],
    ['cursor', `?cursor=${Buffer.from('not-a-uuid').toString('base64url')}`],
    ['cursor', '?cursor=%00'],
  ])('a bad %s is named, and its value is not repeated (%s)', async (field, query) => {
    const problem = expectProblem(await get(actors.staff(), query), 400, 'validation_failed');
    expect(problem.errors).toMatchObject([{ pointer: `query/${field}` }]);
    expect(JSON.stringify({ ...problem, instance: '' })).not.toContain(query.split('=')[1]);
  });
});

import type { Actor, NotificationSettings } from '@smartserver/contracts';
import { actors, expectProblem } from '@smartserver/testing';
import { sql } from 'kysely';
import { Harness, staffContext } from '../../test/harness.ts';
import {
  allEmails,
  anna,
  customerA,
  customerB,
  customerChanged,
  installCode,
  jens,
  partnerA,
  partnerB,
} from '../../test/support.ts';
import type { Deps } from '../deps.ts';
import { getSettings } from './settings.ts';

const unknown = '5e2f6a70-8b1c-4d3e-9f40-6172839a4b5c';
const defaults = {
  contacts: true,
  recipients: [],
  thresholds: [90, 60, 30, 7, 1, 0],
  expirations: true,
  renewals: true,
  language: 'en',
};
const harness = Harness.install();
const { clock } = harness;

beforeEach(() =>
  harness.arrive(
    customerChanged(),
    customerChanged({ customerId: customerB, partnerId: partnerB, name: 'Other Tower' }),
  ),
);

const address = `/v1/customers/${customerA}/notification-settings`;
const partner = actors.partnerUser(partnerA);

const call = (
  method: 'GET' | 'PUT' | 'POST',
  url: string,
  actor: Actor,
  more?: { version?: number; body?: object; key?: string },
) => harness.request(actor, method, url, more);

describe('settings of an account', () => {
  test('that nobody has set are the defaults of rule 11, and can be edited from there', async () => {
    const before = await call('GET', address, partner);
    expect(before.json()).toEqual({ customerId: customerA, ...defaults, silenced: [], version: 0 });
    expect(before.headers.etag).toBe('"0"');
    const body = { ...defaults, recipients: ['Facility@example.com'], thresholds: [7, 30], language: 'de' };
    const after = await call('PUT', address, partner, { version: 0, body });
    expect(after.json()).toMatchObject({ ...body, thresholds: [30, 7], version: 1 });
    expect((await call('GET', address, partner)).json()).toEqual(after.json());
  });

  test('an address is kept once, whatever its case', async () => {
    const body = { ...defaults, recipients: ['facility@example.com', 'Facility@Example.com'] };
    const { recipients } = (await call('PUT', address, partner, { version: 0, body })).json<NotificationSettings>();
    expect(recipients).toHaveLength(1);
  });

  test('an edit of a version that is no longer there is refused, also of two at once', async () => {
    expectProblem(await call('PUT', address, partner, { body: defaults }), 428, 'precondition_required');
    const both = await Promise.all([0, 0].map((version) => call('PUT', address, partner, { version, body: defaults })));
    expect(both.map((answer) => answer.statusCode).sort()).toEqual([200, 412]);
  });

  test.each([
    ['its CMS Owner', actors.cms({ partnerId: partnerA, customerId: customerA, installCode })],
    ['an API client of the partner', actors.apiClient(partnerA)],
    ['a member of the partner', actors.partnerUser(partnerA, 'member')],
    ['Customer Success', actors.staff()],
  ])('may be read and edited by %s', async (_name, actor) => {
    expect((await call('GET', address, actor)).statusCode).toBe(200);
    expect((await call('PUT', address, actor, { version: 0, body: defaults })).statusCode).toBe(200);
  });

  test('a viewer reads them only, a customer does not', async () => {
    const viewer = actors.partnerUser(partnerA, 'viewer');
    expect((await call('GET', address, viewer)).statusCode).toBe(200);
    expectProblem(await call('PUT', address, viewer, { version: 0, body: defaults }), 403, 'scope_missing');
    expectProblem(await call('GET', address, actors.customer({ customerIds: [customerA] })), 403, 'scope_missing');
  });

  test.each([
    ['another partner', actors.partnerUser(partnerB)],
    ['the CMS of another account', actors.cms({ partnerId: partnerA, customerId: unknown, installCode })],
  ])('foreign and unknown ones answer alike to %s', async (_name, actor) => {
    for (const method of ['GET', 'PUT', 'POST'] as const) {
      const url = (id: string) => `/v1/customers/${id}/notification-settings${method === 'POST' ? '/test' : ''}`;
      const more = method === 'PUT' ? { version: 0, body: defaults } : {};
      const [foreign, none] = [
        await call(method, url(customerA), actor, more),
        await call(method, url(partnerB), actor, more),
      ];
      const { instance: _a, ...first } = expectProblem(foreign, 404, 'customer_not_found');
      const { instance: _b, ...second } = expectProblem(none, 404, 'customer_not_found');
      expect(first).toEqual(second);
    }
  });

  test.each([
    ['/recipients/0', { recipients: ['nobody'] }],
    ['/thresholds/0', { thresholds: [-1] }],
    ['/thresholds/0', { thresholds: [731] }],
    ['/thresholds/0', { thresholds: [1.5] }],
    ['/language', { language: 'fr' }],
  ])('a bad value at %s is refused by its place', async (pointer, change) => {
    const answer = await call('PUT', address, partner, { version: 0, body: { ...defaults, ...change } });
    expect(expectProblem(answer, 400, 'validation_failed').errors).toMatchObject([{ pointer }]);
  });
});

test('the settings of a customer are there as soon as its event is: the request waits for it once', async () => {
  const created = { customerId: unknown, name: 'P-Building 3' };
  const waitedFor: unknown[] = [];
  const projections: Deps['projections'] = {
    waitFor: async (read, types) => {
      waitedFor.push(types);
      const found = await read();
      if (found !== null) return found;
      await harness.arrive(customerChanged(created));
      return read();
    },
  };
  expect(await getSettings({ ...harness.deps, projections }, staffContext, unknown)).toMatchObject({ version: 0 });
  expect(waitedFor).toEqual([['customer.changed.1']]);
});

describe('a test e-mail', () => {
  test('goes to everybody who would be notified, and to no silenced address; the same key sends it once', async () => {
    await sql`insert into silences (partner_id, customer_id, email, reason, since)
      values (${partnerA}, null, ${jens.email}, 'unsubscribed', now())`.execute(harness.database.kysely);
    await call('PUT', address, partner, { version: 0, body: { ...defaults, recipients: ['facility@example.com'] } });
    const key = 'test-1';
    const answers = await Promise.all([1, 2].map(() => call('POST', `${address}/test`, partner, { key })));
    for (const answer of answers) {
      expect(answer.statusCode).toBe(202);
      expect(answer.json()).toEqual({ recipients: [anna.email, 'facility@example.com'] });
    }
    const emails = await allEmails(harness.database.kysely);
    expect(emails.map(({ recipient, subject }) => [recipient, subject])).toEqual([
      [anna.email, 'notification_test'],
      ['facility@example.com', 'notification_test'],
    ]);
  });

  test('can be had five times an hour, and then again when the hour is over', async () => {
    for (let i = 0; i < 5; i += 1) {
      expect((await call('POST', `${address}/test`, partner)).statusCode).toBe(202);
      clock.advance(60_000);
    }
    const refused = await call('POST', `${address}/test`, partner);
    expectProblem(refused, 429, 'rate_limited');
    expect(refused.headers['retry-after']).toBe(String(55 * 60));
    clock.advance(55 * 60_000);
    expect((await call('POST', `${address}/test`, partner)).statusCode).toBe(202);
  });
});

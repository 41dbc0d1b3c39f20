import type { EventEnvelope } from '@smartserver/contracts';
import { type Database, systemIds } from '@smartserver/service-kit';
import { createTestDatabase, deliver, makeEvent, testClock } from '@smartserver/testing';
import {
  activated,
  allEmails,
  anna,
  customerA,
  customerB,
  customerChanged,
  installCode,
  jens,
  partnerA,
  partnerB,
  relinked,
  transferred,
} from '../../test/support.ts';
import { emptyWebhooks, insertEndpoint, licenseChanged, messagesTo } from '../../test/webhook-support.ts';
import { eventHandlers } from '../events.ts';
import type { Tables } from '../model/tables.ts';
import { notification } from '../service.ts';
import { queueWebhooks } from './queue.ts';

const deps = { clock: testClock(), ids: systemIds, mailDomain: 'mail.example' };
const handlers = eventHandlers(deps);
let database: Database<Tables>;

beforeAll(async () => {
  const directories = [notification.migrations];
  database = await createTestDatabase<Tables>({ directories, service: 'notification' });
});
afterAll(() => database.close());
beforeEach(() => emptyWebhooks(database.kysely));

const endpoint = (partnerId: string | null, change: Parameters<typeof insertEndpoint>[2] = {}) =>
  insertEndpoint(database.kysely, partnerId, change);
const sentTo = (endpointId: string) => messagesTo(database.kysely, endpointId);
const typesSent = async (endpointId: string) => (await sentTo(endpointId)).map(({ type }) => type);
const arrive = (event: EventEnvelope) => deliver(database, handlers, event);

const returned = () => {
  const { mode: _mode, ...data } = activated().data;
  return makeEvent('licenses.returned.1', data);
};

test('every event that there is a webhook for is sent to its partner and to Customer Success, and to nobody else', async () => {
  const [own, other, staff] = [await endpoint(partnerA), await endpoint(partnerB), await endpoint(null)];
  await arrive(customerChanged());
  for (const event of [licenseChanged(), transferred(), activated(), returned(), relinked([customerA])])
    await arrive(event);
  const all = [
    'customer.changed',
    'license.changed',
    'licenses.transferred',
    'licenses.activated',
    'licenses.returned',
    'controller.relinked',
  ];
  expect(await typesSent(own)).toEqual(all);
  expect(await typesSent(staff)).toEqual(all);
  expect(await sentTo(other)).toEqual([]);
  // The e-mails of the same events are there, too: to two contacts, of three events.
  expect(await allEmails(database.kysely)).toHaveLength(6);
});

test('an endpoint gets the types that it names; one that is disabled gets none', async () => {
  const some = await endpoint(partnerA, { eventTypes: ['licenses.activated', 'maintenance.expired'] });
  const none = await endpoint(partnerA, { enabled: false });
  await arrive(customerChanged());
  await arrive(activated());
  expect(await typesSent(some)).toEqual(['licenses.activated']);
  expect(await sentTo(none)).toEqual([]);
});

test('of a controller that was taken over each partner learns its own customers only', async () => {
  const [a, b] = [await endpoint(partnerA), await endpoint(partnerB)];
  await arrive(customerChanged());
  await arrive(customerChanged({ customerId: customerB, partnerId: partnerB }));
  await arrive(relinked([customerA, customerB]));
  const ofA = (await sentTo(a)).at(-1);
  expect(ofA).toMatchObject({
    type: 'controller.relinked',
    data: { installCode, partnerId: partnerA, customerIds: [customerA] },
  });
  expect(JSON.stringify(await sentTo(a))).not.toContain(customerB);
  expect(JSON.stringify(await sentTo(b))).not.toContain(customerA);
});

test('a message says what the public contract says, and holds no address and nothing of our own', async () => {
  const id = await endpoint(partnerA);
  await arrive(customerChanged());
  await arrive(licenseChanged());
  await arrive(activated());
  const messages = await sentTo(id);
  expect(messages[0]).toEqual({
    type: 'customer.changed',
    timestamp: '2026-03-01T12:00:00.000Z',
    data: { customerId: customerA, partnerId: partnerA, name: 'P2022-0208', version: 1 },
  });
  const whole = JSON.stringify(messages);
  for (const hidden of [anna.email, jens.email, 'owner', 'firstActivatedAt', 'activationId', 'activationVersion'])
    expect(whole).not.toContain(hidden);
});

test('the same event delivered five times, twice at once, is sent once', async () => {
  const id = await endpoint(partnerA);
  const event = licenseChanged();
  await Promise.all([arrive(event), arrive(event)]);
  for (let i = 0; i < 3; i += 1) await arrive(event);
  expect(await sentTo(id)).toHaveLength(1);
});

test('what was queued under a key is not queued again under it, even without the inbox', async () => {
  const id = await endpoint(partnerA);
  const data = {
    licenseId: '8f3c1b1e-5c0e-4a52-9a7b-0d1e7c1b2a10',
    partnerId: partnerA,
    customerId: customerA,
    installCode,
    segmentName: 'Building 1',
    deviceCount: 1000,
    expiresAt: '2027-03-01T12:00:00.000Z',
  };
  const webhook = { type: 'maintenance.expiring' as const, partnerId: partnerA, data, dedupeKey: 'license term 30' };
  for (let i = 0; i < 2; i += 1)
    await database.kysely.transaction().execute((trx) => queueWebhooks(trx, deps, [webhook]));
  expect(await typesSent(id)).toEqual(['maintenance.expiring']);
});

test('where no endpoint wants it nothing is kept', async () => {
  await endpoint(partnerB);
  await arrive(licenseChanged());
  expect(await database.kysely.selectFrom('webhook_messages').selectAll().execute()).toEqual([]);
});

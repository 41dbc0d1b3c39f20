import { randomUUID } from 'node:crypto';
import { queuesFor } from '@smartserver/contracts';
import { sql } from 'kysely';
import {
  CAPACITY,
  givenCustomer,
  givenLicenses,
  givenPartner,
  givenTransferred,
  type Harness,
  startHarness,
} from '../../test/harness.ts';
import { replayLicenses } from '../service.ts';

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness();
});
afterAll(() => harness.close());

const replayed = (onBatch?: (count: number) => void) =>
  replayLicenses({ DATABASE_URL: harness.database.url, LOG_LEVEL: 'silent' }, onBatch);

/** The newest event of each license. */
const published = async () => {
  const events = await harness.events('license.changed.1');
  return new Map(events.map(({ data }) => [data.licenseId as string, data]));
};

test('a replay publishes every license as it is now, to every queue, and no version changes', async () => {
  const { partnerId } = await givenPartner(harness);
  const customerId = await givenCustomer(harness, partnerId);
  const licenses = await givenLicenses(harness, partnerId, [{ ...CAPACITY, quantity: 3 }]);
  await givenTransferred(harness, licenses.slice(0, 1), customerId);
  const before = await published();
  expect(before.size).toBe(3);
  await sql`delete from outbox`.execute(harness.database.kysely);

  expect(await replayed()).toBe(3);
  expect(await published()).toEqual(before);
  const { rows } = await sql<{ queue: string; n: number }>`
    select queue, count(*)::int as n from outbox group by queue order by queue`.execute(harness.database.kysely);
  const queues = queuesFor('license.changed.1');
  expect(queues).toContain('activation-licenses');
  expect(rows).toEqual([...queues].sort().map((queue) => ({ queue, n: 3 })));
});

test('a replay goes through more licenses than fit into a batch, each once', async () => {
  const { partnerId } = await givenPartner(harness);
  for (let n = 0; n < 6; n += 1) await givenLicenses(harness, partnerId, [{ ...CAPACITY, quantity: 200 }]);
  await sql`delete from outbox`.execute(harness.database.kysely);
  const steps: number[] = [];
  const count = await replayed((soFar) => steps.push(soFar));
  expect(count).toBeGreaterThan(1_200);
  expect(steps.at(-1)).toBe(count);
  expect(steps.length).toBeGreaterThan(2);
  const events = await harness.events('license.changed.1');
  expect(new Set(events.map(({ data }) => data.licenseId)).size).toBe(count);
  expect(events).toHaveLength(count);
});

test('a replay without a database to read is refused, by name', async () => {
  await expect(replayLicenses({})).rejects.toThrow('DATABASE_URL is missing');
  await expect(replayLicenses({ DATABASE_URL: randomUUID() })).rejects.toThrow('DATABASE_URL is not valid');
});

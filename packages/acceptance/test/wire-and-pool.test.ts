import { randomUUID } from 'node:crypto';
import { ApiProblem, ApiUnreachable, createApi, dataOf } from '@smartserver/client';
import { Client } from 'pg';
import { CuttingProxy } from '../src/system/cutting-proxy.ts';
import { dose } from '../src/system/dose.ts';
import type { People } from '../src/system/people.ts';
import { TestSystem } from '../src/system/system.ts';

// Guarantees 4, 7 and 9, on real processes whose pools have two connections.

let system: TestSystem;
let people: People;

beforeAll(async () => {
  system = await TestSystem.start({ environment: { DATABASE_POOL_SIZE: '2' } });
  people = await system.people();
}, 120_000);

afterAll(() => system?.stop());

const withDatabase = async <T>(url: string, work: (client: Client) => Promise<T>): Promise<T> => {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
};

const count = (url: string, table: string): Promise<number> =>
  withDatabase(
    url,
    async (client) => (await client.query<{ n: number }>(`select count(*)::int as n from ${table}`)).rows[0]?.n ?? 0,
  );

test('an answer lost on the wire does no harm: the repeat with the same key has one effect and gets the answer of the first', async () => {
  const rounds = dose(20, 1_000);
  const proxy = await CuttingProxy.start(system.api().baseUrl);
  const api = createApi({ baseUrl: proxy.url, token: people.staff, retries: 0 });
  const { partnerId } = await people.partner();
  const before = await count(system.databases.license, 'licenses');
  for (let round = 0; round < rounds; round += 1) {
    const lines = [{ kind: 'capacity' as const, deviceCount: 200, quantity: 2 }];
    const request = {
      params: { header: { 'Idempotency-Key': randomUUID() } },
      body: { partnerId, reference: `PO-${round}`, lines },
    };
    proxy.cutNextAnswer();
    await expect(api.POST('/v1/orders', request)).rejects.toBeInstanceOf(ApiUnreachable);
    const second = await dataOf(api.POST('/v1/orders', request));
    const third = await dataOf(api.POST('/v1/orders', request));
    expect(JSON.stringify(third)).toBe(JSON.stringify(second));
  }
  expect(await count(system.databases.license, 'licenses')).toBe(before + rounds * 2);
  await proxy.stop();
}, 600_000);

test('with pools of 2 and 500 clients at once nothing hangs and no transaction is left open', async () => {
  const partner = await people.partner();
  const { customerId } = await people.customer(partner);
  const licenses = await people.assignedLicenses(partner, customerId, 100);
  const controllers = await Promise.all(Array.from({ length: 20 }, () => people.controller(customerId)));
  const started = performance.now();
  const answers = await Promise.allSettled(
    Array.from({ length: 500 }, async (_, n) => {
      const begin = performance.now();
      try {
        await controllers[n % 20]?.activate([licenses[n % 100]?.licenseId ?? '']);
      } catch (error) {
        if (!(error instanceof ApiProblem) || error.status >= 504 || error.status === 500) throw error;
      }
      return performance.now() - begin;
    }),
  );
  const failures = answers.filter((answer) => answer.status === 'rejected');
  expect(failures.map((failure) => String(failure.reason))).toEqual([]);
  const slowest = Math.max(...answers.map((answer) => (answer.status === 'fulfilled' ? answer.value : 0)));
  console.log(
    `500 requests in ${Math.round(performance.now() - started)} ms, the slowest took ${Math.round(slowest)} ms`,
  );
  expect(slowest).toBeLessThan(5_000);
  const text =
    "select count(*)::int as n from pg_stat_activity where state like 'idle in transaction%' and now() - state_change > interval '1 second'";
  const left = await withDatabase(
    system.postgres.url(),
    async (client) => (await client.query<{ n: number }>(text)).rows[0]?.n,
  );
  expect(left).toBe(0);
}, 120_000);

/** Every table that an activation writes to: the connection is cut at each of these statements' boundaries. */
const BOUNDARIES = [
  ['activations', 'insert'],
  ['licenses', 'update'],
  ['controllers', 'update'],
  ['outbox', 'insert'],
  ['idempotency_keys', 'insert'],
] as const;

test.each(BOUNDARIES.flatMap(([table, verb]) => [['before', verb, table] as const, ['after', verb, table] as const]))(
  'when the database connection dies %s the %s into %s, state and events are as if nothing had been asked, and a repeat succeeds',
  async (moment, verb, table) => {
    const url = system.databases.activation;
    const partner = await people.partner();
    const { customerId } = await people.customer(partner);
    const [first, second] = await people.assignedLicenses(partner, customerId, 2);
    if (!first || !second) throw new Error('Two licenses are needed.');
    const controller = await people.controller(customerId);
    await controller.activate([first.licenseId]);
    const state = async () => ({
      open: await count(url, 'activations where returned_at is null'),
      events: await count(url, 'outbox'),
      on: await controller.licenses(),
    });
    const before = await state();

    await withDatabase(url, async (client) => {
      await client.query(
        `create function cut() returns trigger language plpgsql as $$ begin perform pg_terminate_backend(pg_backend_pid()); perform pg_sleep(1); return new; end $$`,
      );
      await client.query(`create trigger cut ${moment} ${verb} on ${table} for each row execute function cut()`);
    });
    const key = randomUUID();
    const refused = await controller.activate([second.licenseId], key).catch((error: unknown) => error);
    await withDatabase(url, (client) => client.query('drop function cut() cascade'));
    expect(refused).toMatchObject({ problem: { status: 503, code: 'unavailable' } });
    expect(await state()).toEqual(before);

    await controller.activate([second.licenseId], key);
    const after = await state();
    expect(after.open).toBe(before.open + 1);
    expect(after.events).toBeGreaterThan(before.events);
  },
  60_000,
);

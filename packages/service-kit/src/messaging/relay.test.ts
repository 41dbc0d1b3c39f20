import { createTestDatabase, type TestDatabase, testClock, testLogger } from '@smartserver/testing';
import { ScriptedQueue } from '../../test/support/scripted-queue.ts';
import { createMetrics, type KitTables, type NewEvent, recordEvents, startRelay, systemIds } from '../index.ts';
import { relayStore } from './relay-store.ts';

let database: TestDatabase<KitTables>;
beforeAll(async () => {
  database = await createTestDatabase<KitTables>({ directories: [], service: 'relay' });
});
afterAll(() => database.close());
beforeEach(() => database.pool.query('truncate outbox, inbox, idempotency_keys, dead_letters'));

const cause = { actor: { kind: 'system', id: 'test' } as const, traceparent: null };

const recordAll = (events: readonly NewEvent[]): Promise<void> =>
  database.kysely
    .transaction()
    .execute((trx) => recordEvents(trx, { clock: testClock(), ids: systemIds }, cause, events));

/** Each for one queue. */
const record = (n = 1) =>
  recordAll(
    Array.from({ length: n }, () => ({
      type: 'controller.changed.1',
      data: {
        installCode: '0302E1C2A8F40011' as never,
        partnerId: 'p' as never,
        customerId: 'c' as never,
        deviceKey: null,
        licenseCount: 0,
        version: 1,
      },
    })),
  );

const recordForThree = () =>
  recordAll([
    {
      type: 'customer.changed.1',
      data: { customerId: 'c' as never, partnerId: 'p' as never, name: 'n', contacts: [], version: 1 },
    },
  ]);

const start = (queue: ScriptedQueue, timing = {}, clock = testClock()) =>
  startRelay({
    database,
    messaging: queue,
    clock,
    logger: testLogger(),
    service: 'relay-test',
    timing: { poll: 20, sweep: 20, confirmAfter: 30, backoffLongest: 50, ...timing },
  });

const outbox = async () =>
  (await database.pool.query('select published_at, confirmed_at, attempts from outbox order by id')).rows;

/** Asks the database again and again; for what no call of the queue shows. */
const untilDatabase = async (condition: () => Promise<boolean>): Promise<void> => {
  const end = performance.now() + 10_000;
  while (!(await condition())) if (performance.now() > end) throw new Error('not within 10 s');
};

test('a message is published again as long as its queue has lost it, and is left alone while it is active', async () => {
  const queue = new ScriptedQueue();
  const relay = start(queue);
  await record();
  relay.wake();
  await queue.until(() => queue.published.length === 1);
  await queue.untilAsked(3);
  expect(queue.published).toHaveLength(1);
  queue.status = { kind: 'missing' };
  await queue.until(() => queue.published.length >= 3);
  queue.status = { kind: 'done', isolated: [] };
  await queue.untilAsked(1);
  await relay.stop();
  expect((await outbox())[0]?.confirmed_at).not.toBeNull();
  expect(new Set(queue.published.map(({ id }) => id)).size).toBe(1);
});

test('a dead letter stays unconfirmed and is not published again', async () => {
  const queue = new ScriptedQueue();
  queue.status = { kind: 'dead' };
  const relay = start(queue);
  await record();
  relay.wake();
  await queue.until(() => queue.published.length === 1);
  await queue.untilAsked(3);
  await relay.stop();
  expect(queue.published).toHaveLength(1);
  expect((await outbox())[0]).toMatchObject({ confirmed_at: null });
});

test('while the queues are down the relay tries again and again, and keeps everything', async () => {
  const queue = new ScriptedQueue();
  queue.down = true;
  const relay = start(queue);
  await record(5);
  relay.wake();
  await queue.until(() => queue.failures >= 3);
  queue.down = false;
  await queue.until(() => queue.published.length === 5);
  await relay.stop();
  expect((await outbox()).every((row) => row.attempts >= 3)).toBe(true);
});

test('rows that a relay of the version before has taken are free by the end of its lease', async () => {
  await record(3);
  const { rows } = await database.pool.query<{ claimed_until: Date }>(
    `update outbox set claimed_until = now() + interval '300 milliseconds' returning claimed_until`,
  );
  const queue = new ScriptedQueue();
  const relay = start(queue);
  await queue.until(() => queue.published.length === 3);
  await relay.stop();
  for (const { at } of queue.batches)
    expect(at.getTime()).toBeGreaterThanOrEqual(rows[0]?.claimed_until.getTime() ?? 0);
});

test('what a relay has taken, and was killed before it published, the next one publishes', async () => {
  await record(3);
  await relayStore(database.pool).take(10);
  expect((await outbox()).every((row) => row.published_at !== null)).toBe(true);
  const queue = new ScriptedQueue();
  queue.status = { kind: 'missing' };
  const relay = start(queue);
  await queue.until(() => queue.published.length >= 3);
  queue.status = { kind: 'done', isolated: [] };
  await queue.untilAsked(1);
  await relay.stop();
  expect((await outbox()).every((row) => row.confirmed_at !== null)).toBe(true);
});

test('what could not be published is free at once, also where it was about to be checked later', async () => {
  await record(3);
  const store = relayStore(database.pool);
  const taken = await store.take(10);
  const ids = taken.map(({ id }) => id);
  await store.release(
    ids,
    taken.map((row) => row.job_id),
  );
  await store.lookAgainLater(ids, 60);
  await store.markIsolated(ids, 60);
  expect((await store.take(10)).map(({ id }) => id)).toEqual(ids);
  expect((await outbox()).map(({ attempts }) => attempts)).toEqual([2, 2, 2]);
});

test('events of one queue are published in one batch, and a single one under its own id', async () => {
  const queue = new ScriptedQueue();
  await record(1);
  const relay = start(queue);
  await queue.until(() => queue.published.length === 1);
  await record(30);
  relay.wake();
  await queue.until(() => queue.published.length === 31);
  await relay.stop();
  const [single, batch] = queue.batches;
  expect(single?.id).toBe(single?.messages[0]?.id);
  expect(batch?.messages).toHaveLength(30);
  expect(batch?.messages.map(({ id }) => id)).not.toContain(batch?.id);
  const { rows } = await database.pool.query('select event_id, job_id from outbox order by id');
  expect(rows.map((row) => row.job_id)).toEqual([single?.id, ...Array(30).fill(batch?.id)]);
  expect(rows.map((row) => row.event_id)).toEqual(queue.published.map(({ id }) => id));
});

test('an event for several queues is published in each of them, at once', async () => {
  const queue = new ScriptedQueue();
  await recordForThree();
  const relay = start(queue, { sweep: 60_000 });
  await queue.until(() => queue.published.length === 3);
  await relay.stop();
  expect(queue.batches.map((batch) => batch.queue).sort()).toEqual([
    'activation-accounts',
    'license-accounts',
    'notification-accounts',
  ]);
  expect(queue.batches.map(({ messages }) => messages.length)).toEqual([1, 1, 1]);
});

test('an isolated event is confirmed by its own job, the others of its batch by theirs', async () => {
  const queue = new ScriptedQueue();
  await record(3);
  const relay = start(queue);
  await queue.until(() => queue.published.length === 3);
  const [batch] = queue.batches;
  const isolated = batch?.messages[1]?.id ?? '';
  queue.statuses.set(isolated, { kind: 'active' }).set(batch?.id ?? '', { kind: 'done', isolated: [isolated] });
  const confirmed = async () => (await outbox()).map((row) => row.confirmed_at !== null);
  const timesAsked = () => queue.asked.filter((id) => id === isolated).length;
  await queue.until(() => timesAsked() === 2);
  expect(await confirmed()).toEqual([true, false, true]);
  queue.statuses.set(isolated, { kind: 'done', isolated: [] });
  await queue.until(() => timesAsked() === 3);
  await relay.stop();
  expect(await confirmed()).toEqual([true, true, true]);
  expect(queue.published).toHaveLength(3);
});

test('a batch of several that the queue itself has given up is published again', async () => {
  const queue = new ScriptedQueue();
  await record(3);
  const relay = start(queue);
  await queue.until(() => queue.published.length === 3);
  queue.statuses.set(queue.batches[0]?.id ?? '', { kind: 'dead' });
  await queue.until(() => queue.published.length === 6);
  await relay.stop();
  expect(queue.batches).toHaveLength(2);
});

test('old confirmed events, inbox rows and idempotency keys are deleted, young and unconfirmed ones stay', async () => {
  const clock = testClock('2026-03-01T12:00:00Z');
  await record(4);
  await database.pool.query(`
    update outbox set published_at = '2026-01-01', confirmed_at = case when id % 2 = 0 then '2026-01-01'::timestamptz end;
    insert into inbox (event_id, type, processed_at)
      values (gen_random_uuid(), 'x', '2025-10-01'), (gen_random_uuid(), 'x', '2026-02-01');
    insert into idempotency_keys (scope, key, fingerprint, created_at)
      values ('s', 'old', 'f', '2026-02-27T11:00Z'), ('s', 'a day old', 'f', '2026-02-28T11:00Z')`);
  const queue = new ScriptedQueue();
  queue.status = { kind: 'dead' };
  const relay = start(queue, { prune: 20 }, clock);
  const left = async () =>
    (
      await database.pool.query(
        `select (select count(*) from outbox)::int as outbox, (select count(*) from inbox)::int as inbox,
           (select string_agg(key, ',') from idempotency_keys) as keys`,
      )
    ).rows[0];
  await untilDatabase(async () => (await left()).keys === 'a day old');
  expect(await left()).toEqual({ outbox: 2, inbox: 1, keys: 'a day old' });
  await relay.stop();
});

test('the metrics show what waits, what was published and what is dead, by service', async () => {
  const queue = new ScriptedQueue();
  await record(7);
  await database.pool.query(`update outbox set claimed_until = now() + interval '1 hour'`);
  await database.pool.query(
    `insert into dead_letters (queue, event_id, type, message, error, attempts) values ('q', 'e', 't', '{}', 'x', 1)`,
  );
  const relay = start(queue);
  const text = await createMetrics('relay-test').render();
  expect(text).toContain('outbox_unpublished{service="relay-test"} 7');
  expect(text).toContain('dead_letters{service="relay-test"} 1');
  await database.pool.query('update outbox set claimed_until = null');
  relay.wake();
  await queue.until(() => queue.published.length === 7);
  await relay.stop();
  expect(await createMetrics('relay-test').render()).toMatch(/events_published_total\{service="relay-test"\} \d+/);
});

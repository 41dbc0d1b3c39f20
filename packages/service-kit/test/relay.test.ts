import { createTestDatabase, deliver, makeEvent, type TestDatabase, testClock, testLogger } from '@smartserver/testing';
import {
  createMetrics,
  type Fate,
  type KitTables,
  type Messaging,
  NotYet,
  type OutgoingMessage,
  problem,
  recordEvent,
  startRelay,
  systemIds,
} from '../src/index.ts';
import { Loop } from '../src/messaging/loop.ts';
import { describe as describeError, outcomeOf, RETRY_POLICY } from '../src/messaging/retry-policy.ts';

interface Tables extends KitTables {
  effects: { event_id: string };
}

let database: TestDatabase<Tables>;
beforeAll(async () => {
  database = await createTestDatabase<Tables>({ directories: [], service: 'relay' });
  await database.pool.query('create table effects (event_id uuid)');
});
afterAll(() => database.close());
beforeEach(() => database.pool.query('truncate outbox, inbox, effects, idempotency_keys, dead_letters'));

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

const until = async (condition: () => boolean | Promise<boolean>) => {
  for (let i = 0; i < 500 && !(await condition()); i += 1) await pause(10);
  if (!(await condition())) throw new Error('not in time');
};

/** A queue whose every answer the test decides. */
class FakeQueue implements Pick<Messaging, 'publish' | 'fatesOf'> {
  published: OutgoingMessage[] = [];
  down = false;
  fate: Fate = 'underway';
  async publish(_queue: string, messages: readonly OutgoingMessage[]): Promise<void> {
    if (this.down) throw new Error('down');
    this.published.push(...messages);
  }
  async fatesOf(_queue: string, ids: readonly string[]): Promise<Map<string, Fate>> {
    return new Map(ids.map((id) => [id, this.fate]));
  }
}

const record = (n = 1) =>
  database.kysely.transaction().execute(async (trx) => {
    for (let i = 0; i < n; i += 1) {
      await recordEvent(
        trx,
        { clock: testClock(), ids: systemIds },
        { actor: { kind: 'system', id: 'test' }, traceparent: null },
        { type: 'partner.changed.1', data: { partnerId: 'p' as never, name: 'n', version: 1 } },
      );
    }
  });

const start = (queue: FakeQueue, timing = {}, clock = testClock()) =>
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

test('a message is published again as long as its queue has lost it, and is left alone while it is underway', async () => {
  const queue = new FakeQueue();
  const relay = start(queue);
  await record();
  relay.wake();
  await until(() => queue.published.length === 1);
  await pause(200);
  expect(queue.published).toHaveLength(1);
  queue.fate = 'missing';
  await until(() => queue.published.length >= 3);
  queue.fate = 'done';
  await until(async () => (await outbox())[0]?.confirmed_at !== null);
  await relay.stop();
  expect(new Set(queue.published.map(({ id }) => id)).size).toBe(1);
});

test('a dead letter stays unconfirmed and is not published again', async () => {
  const queue = new FakeQueue();
  queue.fate = 'dead';
  const relay = start(queue);
  await record();
  relay.wake();
  await until(() => queue.published.length === 1);
  await pause(200);
  await relay.stop();
  expect(queue.published).toHaveLength(1);
  expect((await outbox())[0]).toMatchObject({ confirmed_at: null });
});

test('while the queues are away the relay tries again and again, and keeps everything', async () => {
  const queue = new FakeQueue();
  queue.down = true;
  const relay = start(queue);
  await record(5);
  relay.wake();
  await until(async () => (await outbox()).every((row) => row.attempts >= 3));
  queue.down = false;
  await until(() => queue.published.length === 5);
  await relay.stop();
});

test('a relay that was killed while it held messages gives them free by the end of its lease', async () => {
  await record(3);
  await database.pool.query(`update outbox set claimed_until = now() + interval '300 milliseconds'`);
  const queue = new FakeQueue();
  const relay = start(queue);
  await pause(100);
  expect(queue.published).toHaveLength(0);
  await until(() => queue.published.length === 3);
  await relay.stop();
});

test('old confirmed events, inbox rows and idempotency keys are deleted, young and unconfirmed ones stay', async () => {
  const clock = testClock('2026-03-01T12:00:00Z');
  await record(4);
  await database.pool.query(`
    update outbox set published_at = '2026-01-01', confirmed_at = case when id % 2 = 0 then '2026-01-01'::timestamptz end;
    insert into inbox values (gen_random_uuid(), 'x', '2025-10-01'), (gen_random_uuid(), 'x', '2026-02-01');
    insert into idempotency_keys (scope, key, fingerprint, created_at)
      values ('s', 'old', 'f', '2026-02-27T11:00Z'), ('s', 'a day old', 'f', '2026-02-28T11:00Z')`);
  const queue = new FakeQueue();
  queue.fate = 'dead';
  const relay = start(queue, { tidy: 20 }, clock);
  const left = async () =>
    (
      await database.pool.query(
        `select (select count(*) from outbox)::int as outbox, (select count(*) from inbox)::int as inbox,
           (select string_agg(key, ',') from idempotency_keys) as keys`,
      )
    ).rows[0];
  await until(async () => (await left()).keys === 'a day old');
  expect(await left()).toEqual({ outbox: 2, inbox: 1, keys: 'a day old' });
  await relay.stop();
});

test('twenty simultaneous deliveries of one event have one effect, also when the first of them fails at its end', async () => {
  const event = makeEvent('partner.changed.1', { partnerId: 'p' as never, name: 'n', version: 1 });
  let runs = 0;
  const settled = await Promise.allSettled(
    Array.from({ length: 20 }, () =>
      deliver<Tables>(
        database,
        {
          'partner.changed.1': async (trx, { id }) => {
            runs += 1;
            const mine = runs;
            await trx.insertInto('effects').values({ event_id: id }).execute();
            await pause(20);
            if (mine === 1) throw new Error('the worker died');
          },
        },
        event,
      ),
    ),
  );
  const { rows } = await database.pool.query('select from effects');
  expect(rows).toHaveLength(1);
  expect(runs).toBe(2);
  expect(settled.filter((result) => result.status === 'fulfilled' && result.value)).toHaveLength(1);
  expect(settled.filter((result) => result.status === 'fulfilled' && !result.value)).toHaveLength(18);
});

test('the metrics show what waits, what was published and what is dead, by service', async () => {
  const queue = new FakeQueue();
  queue.down = true;
  const relay = start(queue);
  await record(7);
  await database.pool.query(
    `insert into dead_letters (queue, event_id, type, message, error, attempts) values ('q', 'e', 't', '{}', 'x', 1)`,
  );
  const text = await createMetrics('relay-test').render();
  expect(text).toContain('outbox_unpublished{service="relay-test"} 7');
  expect(text).toContain('dead_letters{service="relay-test"} 1');
  queue.down = false;
  await until(() => queue.published.length === 7);
  await relay.stop();
  expect(await createMetrics('relay-test').render()).toMatch(/events_published_total\{service="relay-test"\} \d+/);
});

describe('a loop', () => {
  test('turns many calls while it works into one more round', async () => {
    let rounds = 0;
    const finish: (() => void)[] = [];
    const loop = new Loop({
      everyMs: 60_000,
      backoffLongestMs: 60_000,
      logger: testLogger(),
      what: 'testing',
      work: () => {
        rounds += 1;
        return new Promise((resolve) => finish.push(() => resolve(false)));
      },
    });
    for (let i = 0; i < 100; i += 1) loop.wake();
    expect(rounds).toBe(1);
    for (let i = 0; i < 100; i += 1) loop.wake();
    finish.shift()?.();
    await until(() => rounds === 2);
    finish.shift()?.();
    await pause(20);
    expect(rounds).toBe(2);
    await loop.stop();
  });
});

describe('a failed delivery', () => {
  const first = { failures: 0, deliveries: 1 };
  const away = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });

  test('waits, however often, when the database or another dependency is away', () => {
    expect(outcomeOf(away, { failures: 7, deliveries: 1_000_000 })).toEqual({ kind: 'later', delayMs: 15_000 });
    expect(outcomeOf(problem('unavailable'), first)).toMatchObject({ kind: 'later' });
  });

  test('waits three days for an earlier fact, and is a dead letter then', () => {
    let total = 0;
    let deliveries = 1;
    for (; ; deliveries += 1) {
      const outcome = outcomeOf(new NotYet('x'), { failures: 0, deliveries });
      if (outcome.kind !== 'later') break;
      total += outcome.delayMs;
    }
    expect(total / 86_400_000).toBeGreaterThan(2.9);
    expect(outcomeOf(new NotYet('x'), { failures: 0, deliveries })).toMatchObject({ kind: 'dead' });
  });

  test('is a dead letter after eight failures of its own', () => {
    const outcomes = Array.from({ length: 8 }, (_, failures) => outcomeOf(new Error('x'), { failures, deliveries: 1 }));
    expect(outcomes.map(({ kind }) => kind)).toEqual([...Array(7).fill('failed'), 'dead']);
    expect(RETRY_POLICY.failuresAllowed).toBe(8);
  });

  test('is described without values', () => {
    const error = Object.assign(new Error('invalid input syntax for type uuid: "canary"'), { code: '22P02' });
    expect(describeError(error)).toBe('Error 22P02');
    expect(describeError(problem('license_in_use', { detail: 'canary' }))).toBe('problem license_in_use');
  });
});

import { createTestDatabase, deliver, makeEvent, type TestDatabase, testClock, testLogger } from '@smartserver/testing';
import {
  createMetrics,
  type Fate,
  type KitTables,
  type Message,
  type Messaging,
  recordEvent,
  startRelay,
  systemIds,
} from '../src/index.ts';
import { relayStore } from '../src/messaging/relay-store.ts';

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
  readonly parcels: { queue: string; id: string; messages: Message[] }[] = [];
  down = false;
  fate: Fate = { kind: 'underway' };
  /** Of single parcels; the others have the common one. */
  readonly fates = new Map<string, Fate>();
  get published(): Message[] {
    return this.parcels.flatMap(({ messages }) => messages);
  }
  async publish(queue: string, messages: readonly Message[], id = ''): Promise<string> {
    if (this.down) throw new Error('down');
    this.parcels.push({ queue, id, messages: [...messages] });
    return id;
  }
  async fatesOf(_queue: string, ids: readonly string[]): Promise<Map<string, Fate>> {
    return new Map(ids.map((id) => [id, this.fates.get(id) ?? this.fate]));
  }
}

const recordEvents = (events: Parameters<typeof recordEvent>[3][]) =>
  database.kysely.transaction().execute(async (trx) => {
    for (const event of events) {
      await recordEvent(
        trx,
        { clock: testClock(), ids: systemIds },
        { actor: { kind: 'system', id: 'test' }, traceparent: null },
        event,
      );
    }
  });

/** Each for one queue. */
const record = (n = 1) =>
  recordEvents(
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
  recordEvents([
    {
      type: 'customer.changed.1',
      data: { customerId: 'c' as never, partnerId: 'p' as never, name: 'n', contacts: [], version: 1 },
    },
  ]);

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
  queue.fate = { kind: 'missing' };
  await until(() => queue.published.length >= 3);
  queue.fate = { kind: 'done', apart: [] };
  await until(async () => (await outbox())[0]?.confirmed_at !== null);
  await relay.stop();
  expect(new Set(queue.published.map(({ id }) => id)).size).toBe(1);
});

test('a dead letter stays unconfirmed and is not published again', async () => {
  const queue = new FakeQueue();
  queue.fate = { kind: 'dead' };
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

test('rows that a relay of the version before has taken are free by the end of its lease', async () => {
  await record(3);
  await database.pool.query(`update outbox set claimed_until = now() + interval '300 milliseconds'`);
  const queue = new FakeQueue();
  const relay = start(queue);
  await pause(100);
  expect(queue.published).toHaveLength(0);
  await until(() => queue.published.length === 3);
  await relay.stop();
});

test('what a relay has taken, and was killed before it published, the next one publishes', async () => {
  await record(3);
  await relayStore(database.pool).take(10);
  expect((await outbox()).every((row) => row.published_at !== null)).toBe(true);
  const queue = new FakeQueue();
  queue.fate = { kind: 'missing' };
  const relay = start(queue);
  await until(() => queue.published.length >= 3);
  queue.fate = { kind: 'done', apart: [] };
  await until(async () => (await outbox()).every((row) => row.confirmed_at !== null));
  await relay.stop();
});

test('what could not be published is free at once, also where somebody was about to look at it again later', async () => {
  await record(3);
  const store = relayStore(database.pool);
  const taken = await store.take(10);
  const ids = taken.map(({ id }) => id);
  await store.release(
    ids,
    taken.map((row) => row.job_id),
  );
  await store.lookAgainLater(ids, 60);
  await store.wentApart(ids, 60);
  expect((await store.take(10)).map(({ id }) => id)).toEqual(ids);
  expect((await outbox()).map(({ attempts }) => attempts)).toEqual([2, 2, 2]);
});

test('events of one queue travel in one parcel, and one alone under its own id', async () => {
  const queue = new FakeQueue();
  await record(1);
  const relay = start(queue);
  await until(() => queue.published.length === 1);
  await record(30);
  relay.wake();
  await until(() => queue.published.length === 31);
  await relay.stop();
  const [alone, together] = queue.parcels;
  expect(alone?.id).toBe(alone?.messages[0]?.id);
  expect(together?.messages).toHaveLength(30);
  expect(together?.messages.map(({ id }) => id)).not.toContain(together?.id);
  const { rows } = await database.pool.query('select event_id, job_id from outbox order by id');
  expect(rows.map((row) => row.job_id)).toEqual([alone?.id, ...Array(30).fill(together?.id)]);
  expect(rows.map((row) => row.event_id)).toEqual(queue.published.map(({ id }) => id));
});

test('an event for several queues goes alone into each of them, at once', async () => {
  const queue = new FakeQueue();
  await recordForThree();
  const relay = start(queue, { sweep: 60_000 });
  await until(() => queue.published.length === 3);
  await relay.stop();
  expect(queue.parcels.map((parcel) => parcel.queue).sort()).toEqual([
    'activation-accounts',
    'license-accounts',
    'notification-accounts',
  ]);
  expect(queue.parcels.map(({ messages }) => messages.length)).toEqual([1, 1, 1]);
});

test('an event that went on apart is confirmed by its own job, the others of its parcel by theirs', async () => {
  const queue = new FakeQueue();
  await record(3);
  const relay = start(queue);
  await until(() => queue.published.length === 3);
  const [parcel] = queue.parcels;
  const apart = parcel?.messages[1]?.id ?? '';
  queue.fates.set(apart, { kind: 'underway' }).set(parcel?.id ?? '', { kind: 'done', apart: [apart] });
  const confirmed = async () => (await outbox()).map((row) => row.confirmed_at !== null);
  await until(async () => (await confirmed()).filter(Boolean).length === 2);
  await pause(200);
  expect(await confirmed()).toEqual([true, false, true]);
  queue.fates.set(apart, { kind: 'done', apart: [] });
  await until(async () => (await confirmed()).every(Boolean));
  await relay.stop();
  expect(queue.published).toHaveLength(3);
});

test('a parcel of several that the queue itself has given up is sent again', async () => {
  const queue = new FakeQueue();
  await record(3);
  const relay = start(queue);
  await until(() => queue.published.length === 3);
  queue.fates.set(queue.parcels[0]?.id ?? '', { kind: 'dead' });
  await until(() => queue.published.length === 6);
  await relay.stop();
  expect(queue.parcels).toHaveLength(2);
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
  const queue = new FakeQueue();
  queue.fate = { kind: 'dead' };
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
          'partner.changed.1': async (trx, [{ id }]) => {
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
  let text = '';
  // Each try takes the events out of the outbox for a moment.
  await until(async () => {
    text = await createMetrics('relay-test').render();
    return text.includes('outbox_unpublished{service="relay-test"} 7');
  });
  expect(text).toContain('dead_letters{service="relay-test"} 1');
  queue.down = false;
  await until(() => queue.published.length === 7);
  await relay.stop();
  expect(await createMetrics('relay-test').render()).toMatch(/events_published_total\{service="relay-test"\} \d+/);
});

import { createTestDatabase, type TestDatabase, testClock, testLogger } from '@smartserver/testing';
import { sql, type Transaction } from 'kysely';
import { QUEUE } from '../../test/support/fake-queue.ts';
import { good, messageOf } from '../../test/support/messages.ts';
import { forEachEvent, type Handlers, type KitTables, type Message } from '../index.ts';
import type { IncomingBatch } from './batch.ts';
import { type DeliveryOptions, deliverBatch } from './deliver.ts';

let database: TestDatabase<KitTables>;
beforeAll(async () => {
  database = await createTestDatabase<KitTables>({ directories: [], service: 'delivery' });
});
afterAll(() => database.close());
beforeEach(() => database.pool.query('truncate inbox, dead_letters'));

describe('a batch', () => {
  const handlers: Handlers<KitTables> = { 'partner.changed.1': async () => {} };
  const batch = (messages: Message[], deliveries = 1): IncomingBatch => ({
    queue: QUEUE,
    id: crypto.randomUUID(),
    messages,
    failures: 0,
    deliveries,
    stalls: 0,
  });
  const options = (changes: Partial<DeliveryOptions<KitTables>>): DeliveryOptions<KitTables> => ({
    service: 'license',
    database,
    logger: testLogger(),
    clock: testClock(),
    handlers,
    messaging: { publishIsolated: async () => {} },
    ...changes,
  });
  const two = () => good(2).map((id) => messageOf('good', id));

  test('waits as a whole while the database is down, and isolates nothing', async () => {
    const away = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
    let isolated = 0;
    const messaging = {
      publishIsolated: async () => {
        isolated += 1;
      },
    };
    const broken = {
      'partner.changed.1': async () => {
        throw away;
      },
    };
    const outcomes = await Promise.all(
      [1, 2, 3, 19].map((deliveries) =>
        deliverBatch(options({ handlers: broken, messaging }), batch(two(), deliveries)),
      ),
    );
    expect(outcomes).toEqual([200, 400, 800, 15_000].map((delayMs) => ({ kind: 'later', delayMs })));
    expect(isolated).toBe(0);
  });

  test('comes again when its failing messages could not be sent on; the others are in the inbox by then', async () => {
    const messages = [...two(), messageOf('unknown', crypto.randomUUID())];
    const messaging = {
      publishIsolated: async () => {
        throw new Error('the queues are down');
      },
    };
    expect(await deliverBatch(options({ messaging }), batch(messages))).toEqual({ kind: 'later', delayMs: 200 });
    const { rows } = await database.pool.query('select from inbox');
    expect(rows).toHaveLength(2);
  });

  test('gives way to a request when each holds what the other wants, and has its effects after it', async () => {
    await database.pool.query(`
      create table if not exists wanted (name text, by text);
      truncate wanted; insert into wanted values ('a', ''), ('b', '')`);
    const take = `update wanted set by = by || $2 where name = $1`;
    const request = await database.pool.connect();
    await request.query('begin');
    await request.query(take, ['a', 'request ']);
    let ended: Promise<unknown> | undefined;
    const taking = (trx: Transaction<KitTables>, name: string) =>
      sql`update wanted set by = by || 'event ' where name = ${name}`.execute(trx);
    const untilOneWaits = async () => {
      const waiting = `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
      while ((await database.pool.query(waiting)).rowCount === 0) await new Promise(setImmediate);
    };
    const [first, second] = two();
    const wanting: Handlers<KitTables> = {
      'partner.changed.1': forEachEvent(async (trx, event) => {
        if (event.id === second?.id) await taking(trx, 'a');
        else await taking(trx, 'b');
        if (ended !== undefined) return;
        ended = request.query(take, ['b', 'request ']).then(() => request.query('commit'));
        // It waits longer than the batch for it, and would be the first to look for a deadlock, and to lose.
        await untilOneWaits();
      }),
    };
    const messages = [first, second].flatMap((message) => message ?? []);
    expect(await deliverBatch(options({ handlers: wanting }), batch(messages))).toEqual({ kind: 'done' });
    await expect(ended).resolves.toBeDefined();
    request.release();
    const { rows } = await database.pool.query('select name, by from wanted order by name');
    expect(rows).toEqual(['a', 'b'].map((name) => ({ name, by: 'request event ' })));
  });
});

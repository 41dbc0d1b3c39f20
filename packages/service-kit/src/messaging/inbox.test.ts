import { createTestDatabase, deliver, makeEvent, type TestDatabase } from '@smartserver/testing';
import { sql } from 'kysely';
import type { KitTables } from '../data/tables.ts';
import { type ParsedEvent, receiveEvent, receiveEvents } from './inbox.ts';

interface Tables extends KitTables {
  effects: { event_id: string };
}

let database: TestDatabase<Tables>;
beforeAll(async () => {
  database = await createTestDatabase<Tables>({ directories: [], service: 'inbox', poolSize: 12 });
  // No unique index: an effect that happens twice must show.
  await database.pool.query('create table effects (event_id uuid)');
});
afterAll(() => database.close());
beforeEach(() => database.pool.query('truncate inbox, dead_letters, effects'));

const FIRST = 'license-accounts';
const SECOND = 'license-activations';

/** An event, and how often it had its effect. */
const given = () => {
  const effects: string[] = [];
  const event = makeEvent('partner.changed.1', { partnerId: crypto.randomUUID(), name: 'n', version: 1 });
  const parsed: ParsedEvent<Tables> = {
    event,
    handler: async (_trx, events) => {
      effects.push(...events.map(({ id }) => id));
    },
  };
  return { event, parsed, effects };
};

/** What the version before does: it knows no queues. @returns whether the event was new to it */
const insertAsBefore = async (id: string): Promise<boolean> => {
  const taken = await database.pool.query(
    `with no_longer_dead as (delete from dead_letters where event_id = $1::text)
     insert into inbox (event_id, type) values ($1::uuid, 'partner.changed.1') on conflict do nothing`,
    [id],
  );
  return taken.rowCount === 1;
};

test('an event in two queues of one service has its effect once in each, however often it is delivered', async () => {
  const { parsed, effects } = given();
  const deliveries = [FIRST, SECOND, FIRST, SECOND] as const;
  const taken: boolean[] = [];
  for (const queue of deliveries) taken.push(await receiveEvent(database, queue, parsed));
  expect(taken).toEqual([true, true, false, false]);
  expect(await receiveEvents(database, SECOND, [parsed, parsed])).toBe(0);
  expect(effects).toHaveLength(2);
});

test('simultaneous deliveries in two queues have two effects', async () => {
  const { parsed, effects } = given();
  const taken = await Promise.all(
    Array.from({ length: 10 }, (_, i) => receiveEvent(database, i % 2 === 0 ? FIRST : SECOND, parsed)),
  );
  expect(taken.filter(Boolean)).toHaveLength(2);
  expect(effects).toHaveLength(2);
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
            if (mine > 1) return;
            // The others wait for it by now.
            const waiting = sql`select from pg_locks where not granted`;
            while ((await waiting.execute(trx)).rows.length === 0);
            throw new Error('the worker died');
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

test('an effect that is rolled back is not recorded, and the event keeps its other queue', async () => {
  const { parsed } = given();
  await receiveEvent(database, FIRST, parsed);
  const failing = async () => {
    throw new Error('rolled back');
  };
  await expect(receiveEvent(database, SECOND, { ...parsed, handler: failing })).rejects.toThrow('rolled back');
  expect(await receiveEvent(database, FIRST, parsed)).toBe(false);
  expect(await receiveEvent(database, SECOND, parsed)).toBe(true);
});

test('a dead letter is deleted by the effect in its own queue', async () => {
  const { parsed, event } = given();
  await database.pool.query(
    `insert into dead_letters (queue, event_id, type, message, error, attempts)
     select queue, $1, 't', '{}', 'x', 1 from unnest($2::text[]) as q (queue)`,
    [event.id, [FIRST, SECOND]],
  );
  await receiveEvent(database, FIRST, parsed);
  const { rows } = await database.pool.query('select queue from dead_letters');
  expect(rows).toEqual([{ queue: SECOND }]);
});

describe('during a rolling deployment', () => {
  test('an event that the version before has taken counts as taken, in every queue', async () => {
    const { parsed, event, effects } = given();
    expect(await insertAsBefore(event.id)).toBe(true);
    expect(await receiveEvent(database, FIRST, parsed)).toBe(false);
    expect(await receiveEvents(database, SECOND, [parsed])).toBe(0);
    expect(effects).toEqual([]);
  });

  test('an event that this version has taken counts as taken for the one before', async () => {
    const { parsed, event } = given();
    await receiveEvent(database, FIRST, parsed);
    expect(await insertAsBefore(event.id)).toBe(false);
  });

  test('the same event in both versions at the same time has one effect', async () => {
    const { parsed, event } = given();
    let other: Promise<boolean> | undefined;
    const handler: ParsedEvent<Tables>['handler'] = async (trx) => {
      other = insertAsBefore(event.id);
      // It waits for this transaction by now.
      const waiting = sql`select from pg_locks where not granted`;
      while ((await waiting.execute(trx)).rows.length === 0);
    };
    expect(await receiveEvent(database, FIRST, { ...parsed, handler })).toBe(true);
    expect(await other).toBe(false);
  });
});

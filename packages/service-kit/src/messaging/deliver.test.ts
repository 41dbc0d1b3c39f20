import type { EventEnvelope } from '@smartserver/contracts';
import { announcedSeed, createTestDatabase, type TestDatabase, testClock, testLogger } from '@smartserver/testing';
import fc from 'fast-check';
import type { Transaction } from 'kysely';
import { FakeQueue } from '../../test/support/fake-queue.ts';
import { good, type Kind, kindsOf, messageOf } from '../../test/support/messages.ts';
import {
  type EventBatch,
  forEachEvent,
  type Handlers,
  type KitTables,
  listDeadLetters,
  type Message,
  RetryLater,
} from '../index.ts';
import { isolatedMessageOf, toJobData } from './batch.ts';
import { type DeliveryOptions, deliverBatch, deliverIsolated } from './deliver.ts';

interface Tables extends KitTables {
  effects: { event_id: string; position: number };
}

let database: TestDatabase<Tables>;
beforeAll(async () => {
  database = await createTestDatabase<Tables>({ directories: [], service: 'delivery' });
  // No unique index: an effect that happens twice must show.
  await database.pool.query(
    'create table effects (event_id uuid not null, position integer generated always as identity)',
  );
});
afterAll(() => database.close());
beforeEach(() => database.pool.query('truncate inbox, effects, dead_letters'));

const seed = announcedSeed('deliver');

/** Runs batches through the real inbox until nothing is left, and returns what happened. */
const deliverAll = async (
  batches: readonly Message[][],
  kinds: ReadonlyMap<string, Kind>,
  options: { together: boolean; vanishes?: () => boolean; stalls?: number },
) => {
  const queue = new FakeQueue();
  const attempts = new Map<string, number>();
  const effect = async (trx: Transaction<Tables>, event: EventEnvelope): Promise<void> => {
    const id = event.id.toLowerCase();
    const times = (attempts.get(id) ?? 0) + 1;
    attempts.set(id, times);
    await trx
      .insertInto('effects')
      .values({ event_id: id } as never)
      .execute();
    const kind = kinds.get(id);
    if (kind === 'poison' || (kind === 'curable' && times < 5)) throw new Error('poison');
    if (kind === 'hesitant' && times < 6) throw new RetryLater('not yet');
  };
  const handler = options.together
    ? async (trx: Transaction<Tables>, events: EventBatch) => {
        for (const event of events) await effect(trx, event);
      }
    : forEachEvent(effect);
  const delivery: DeliveryOptions<Tables> = {
    service: 'license',
    database,
    logger: testLogger(),
    clock: testClock(),
    handlers: { 'partner.changed.1': handler } as Handlers<Tables>,
    messaging: {
      publishIsolated: async (_queue, message, { failures, deliveries }) =>
        queue.add(message.id, toJobData([message], { failures, deliveries })),
    },
  };
  for (const [i, messages] of batches.entries()) {
    queue.add(`00000000-0000-4000-8000-${String(i).padStart(12, '0')}`, { messages });
  }
  for (const job of queue.jobs.values()) job.stalls = options.stalls ?? 0;
  await queue.run(
    (batch) => {
      const alone = isolatedMessageOf(batch);
      return alone === null ? deliverBatch(delivery, batch) : deliverIsolated(delivery, alone);
    },
    options.vanishes ?? (() => false),
  );
  const { rows } = await database.pool.query<{ event_id: string }>('select event_id from effects order by position');
  const deadLetters = await listDeadLetters(database);
  return { effects: rows.map((row) => row.event_id), deadLetters, queue, attempts };
};

test('of any batches, with repeated, poisonous, early, unknown and malformed messages in any order, exactly each good event has its effect, once', async () => {
  const kind = fc.constantFrom<Kind>(
    'good',
    'good',
    'good',
    'good',
    'poison',
    'hesitant',
    'curable',
    'unknown',
    'nonsense',
  );
  const item = fc.record({ id: fc.uuid(), kind, upperCase: fc.boolean() });
  const cases = fc.record({
    items: fc.uniqueArray(item, { selector: ({ id }) => id, minLength: 1, maxLength: 25 }),
    // Which item each message carries: some more than once, in one batch or in several.
    picks: fc.array(fc.array(fc.nat(), { minLength: 1, maxLength: 20 }), { minLength: 1, maxLength: 5 }),
    together: fc.boolean(),
    vanishing: fc.array(fc.boolean(), { maxLength: 30 }),
  });
  await fc.assert(
    fc.asyncProperty(cases, async ({ items, picks, together, vanishing }) => {
      await database.pool.query('truncate inbox, effects, dead_letters');
      const kinds = new Map(items.map(({ id, kind: its }) => [id, its]));
      const batches = picks.map((indices) =>
        indices.map((index) => {
          const {
            id,
            kind: its,
            upperCase,
          } = items[index % items.length] ?? items[0] ?? { id: '', kind: 'good', upperCase: false };
          return messageOf(its, upperCase ? id.toUpperCase() : id);
        }),
      );
      const sent = new Set(batches.flat().map(({ id }) => id.toLowerCase()));
      const vanishes = () => vanishing.pop() ?? false;
      const { effects, deadLetters } = await deliverAll(batches, kinds, { together, vanishes });
      const effective: Kind[] = ['good', 'hesitant', 'curable'];
      const expected = [...sent].filter((id) => effective.includes(kinds.get(id) ?? 'poison'));
      expect([...effects].sort()).toEqual(expected.sort());
      const dead = [...sent].filter((id) => !effective.includes(kinds.get(id) ?? 'poison'));
      expect(deadLetters.map(({ eventId }) => eventId.toLowerCase()).sort()).toEqual(dead.sort());
      for (const { eventId, attempts } of deadLetters) {
        expect(attempts).toBe(kinds.get(eventId.toLowerCase()) === 'poison' ? 8 : 1);
      }
    }),
    { seed, numRuns: process.env.DOSE === 'long' ? 1_000 : 60, endOnFailure: true },
  );
}, 600_000);

test('events of a batch have their effects in its order, by one transaction', async () => {
  const ids = good(50);
  const { effects, attempts, queue } = await deliverAll([ids.map((id) => messageOf('good', id))], new Map(), {
    together: false,
  });
  expect(effects).toEqual(ids);
  expect([...attempts.values()]).toEqual(ids.map(() => 1));
  const { rows } = await database.pool.query('select count(distinct xmin::text)::int as transactions from inbox');
  expect(rows).toEqual([{ transactions: 1 }]);
  expect([...queue.outcomes.values()].flat()).toEqual([{ kind: 'done' }]);
});

test('one event that fails takes no effect from the others, and each is tried in isolation: at most twice', async () => {
  const ids = good(20);
  const poison = ids[7] ?? '';
  const kinds = new Map<string, Kind>([...kindsOf(ids, 'good'), [poison, 'poison']]);
  const { effects, deadLetters, attempts, queue } = await deliverAll([ids.map((id) => messageOf('good', id))], kinds, {
    together: false,
  });
  expect(effects).toEqual(ids.filter((id) => id !== poison));
  expect(deadLetters).toMatchObject([{ eventId: poison, attempts: 8 }]);
  expect(attempts.get(poison)).toBe(9);
  expect(Math.max(...ids.filter((id) => id !== poison).map((id) => attempts.get(id) ?? 0))).toBe(2);
  const [batch] = queue.outcomes.keys();
  expect(queue.outcomes.get(batch ?? '')).toEqual([{ kind: 'done', isolated: [poison] }]);
});

test('of a batch whose workers ended twice, each message is isolated', async () => {
  const ids = good(5);
  const { effects, queue } = await deliverAll([ids.map((id) => messageOf('good', id))], new Map(), {
    together: true,
    stalls: 2,
  });
  expect([...effects].sort()).toEqual([...ids].sort());
  expect([...queue.outcomes.values()].flat()[0]).toEqual({ kind: 'done', isolated: ids });
});

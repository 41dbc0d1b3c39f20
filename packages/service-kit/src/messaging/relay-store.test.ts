import { announcedSeed, createTestDatabase, type TestDatabase } from '@smartserver/testing';
import fc from 'fast-check';
import type { KitTables } from '../index.ts';
import { BATCH_CHARACTERS, BATCH_EVENTS, relayStore, type TakenRow } from './relay-store.ts';

let database: TestDatabase<KitTables>;
beforeAll(async () => {
  database = await createTestDatabase<KitTables>({ directories: [], service: 'packing' });
});
afterAll(() => database.close());

test('any rows are packed each into exactly one batch, of one queue, in order, within both bounds', async () => {
  const seed = announcedSeed('relay-store');
  const row = fc.record({
    queue: fc.constantFrom('license-accounts', 'license-activations', 'account-licenses'),
    characters: fc.oneof(
      { weight: 9, arbitrary: fc.integer({ min: 10, max: 3_000 }) },
      { weight: 1, arbitrary: fc.integer({ min: 3_000, max: BATCH_CHARACTERS * 2 }) },
    ),
  });
  const cases = fc.record({ rows: fc.array(row, { maxLength: 260 }), limit: fc.integer({ min: 1, max: 300 }) });
  await fc.assert(
    fc.asyncProperty(cases, async ({ rows, limit }) => {
      await database.pool.query('truncate outbox');
      await database.pool.query(
        `insert into outbox (event_id, queue, envelope)
         select gen_random_uuid(), queue, jsonb_build_object('t', repeat('x', characters))
         from unnest($1::text[], $2::int[]) with ordinality as r (queue, characters, n) order by n`,
        [rows.map(({ queue }) => queue), rows.map(({ characters }) => characters)],
      );
      const taken = await relayStore(database.pool).take(limit);
      expect(taken).toHaveLength(Math.min(limit, rows.length));
      expect(new Set(taken.map(({ id }) => id)).size).toBe(taken.length);
      const batches = new Map<string, TakenRow[]>();
      for (const one of taken) batches.set(one.job_id, [...(batches.get(one.job_id) ?? []), one]);
      for (const [jobId, batch] of batches) {
        expect(new Set(batch.map(({ queue }) => queue)).size).toBe(1);
        expect(batch.length).toBeLessThanOrEqual(BATCH_EVENTS);
        const sizes = batch.map(({ envelope }) => envelope.length);
        expect(sizes.slice(0, -1).reduce((sum, size) => sum + size, 0)).toBeLessThan(BATCH_CHARACTERS);
        expect(jobId === batch[0]?.event_id).toBe(batch.length === 1);
        expect(batch.map(({ id }) => id)).toEqual(batch.map(({ id }) => id).sort((a, b) => a - b));
      }
      // As few batches as the bounds allow, but for a part of one for each queue and each time that one was full.
      const characters = taken.reduce((sum, { envelope }) => sum + envelope.length, 0);
      expect(batches.size).toBeLessThanOrEqual(3 + taken.length / BATCH_EVENTS + (2 * characters) / BATCH_CHARACTERS);
    }),
    { seed, numRuns: process.env.DOSE === 'long' ? 300 : 25, endOnFailure: true },
  );
}, 300_000);

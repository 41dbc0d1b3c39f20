import { announcedSeed, createTestDatabase } from '@smartserver/testing';
import fc from 'fast-check';
import { sql } from 'kysely';
import { memoryCounter } from '../../test/memory-counter.ts';
import type { Tables } from '../model/tables.ts';
import { createSecrets } from '../security/secrets.ts';
import { account } from '../service.ts';
import { createGuessCounter, type GuessCounter } from './counter.ts';

const buckets = ['a', 'b', 'c'].map((name, at) => ({ name, windowSeconds: [10, 60, 60][at] ?? 0 }));
const some = fc.subarray(buckets, { minLength: 1 });
const step = fc.oneof(
  fc.record({ kind: fc.constant('up' as const), of: some }),
  fc.record({ kind: fc.constant('down' as const), of: some, secondsAgo: fc.constantFrom(0, 0, 5, 15, 70) }),
  fc.record({ kind: fc.constant('pass' as const), seconds: fc.constantFrom(1, 5, 10, 60) }),
  fc.record({ kind: fc.constant('reset' as const), of: fc.constantFrom(...buckets) }),
  fc.record({ kind: fc.constant('delete' as const) }),
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

/** @returns all that was counted on the way */
const play = async (counter: GuessCounter, steps: Step[]): Promise<unknown[]> => {
  let now = Date.parse('2026-03-01T12:00:00Z');
  const counted: unknown[] = [];
  for (const each of steps) {
    if (each.kind === 'up') counted.push(await counter.up(each.of, new Date(now)));
    else if (each.kind === 'down') await counter.down(each.of, new Date(now - each.secondsAgo * 1000));
    else if (each.kind === 'pass') now += each.seconds * 1000;
    else if (each.kind === 'reset') await counter.reset(each.of.name);
    else await counter.deleteOld(new Date(now));
  }
  return counted;
};

test('the database counts as the rules say, whatever comes in whatever order', async () => {
  const seed = announcedSeed('guess counter');
  const database = await createTestDatabase<Tables>({ directories: [account.migrations], service: 'account' });
  const counter = createGuessCounter({ database, secrets: createSecrets(Buffer.alloc(32, 1)) });
  const property = fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40 }), async (steps) => {
    await sql`truncate guess_counts`.execute(database.kysely);
    expect(await play(counter, steps)).toEqual(await play(memoryCounter(), steps));
  });
  await fc.assert(property, { seed, numRuns: 100 }).finally(() => database.close());
});

import type { Transaction } from 'kysely';
import { problem } from '../http/problems.ts';
import type { Database } from './database.ts';
import type { KitTables } from './tables.ts';

/** An Idempotency-Key as it came in: `scope` separates callers and operations, `fingerprint` is a hash of the request. */
export type IdempotencyRequest = { key: string; scope: string; fingerprint: string };

/**
 * The one way to write. Runs `work` in a transaction, commits, and wakes the relay; any error rolls everything back.
 *
 * With an Idempotency-Key the key is inserted first, so that a duplicate waits for the first request to end, and then gets
 * its result without running `work`; after a failure the next duplicate runs it [guarantees.md 5]. The result is stored:
 * it must be plain JSON and hold no secret (routes derive secrets from it when they render the answer).
 *
 * @throws ProblemError idempotency_key_reused, when the key came with another request before
 */
export const change = async <DB extends KitTables, T>(
  deps: { database: Pick<Database<DB>, 'kysely'>; relay: { wake(): void } },
  context: { idempotency: IdempotencyRequest | null },
  work: (trx: Transaction<DB>) => Promise<T>,
): Promise<T> => {
  const { idempotency } = context;
  const run = idempotency === null ? work : (trx: Transaction<DB>) => once(trx, idempotency, work);
  const result = await deps.database.kysely.transaction().execute(run);
  deps.relay.wake();
  return result;
};

const once = async <DB extends KitTables, T>(
  trx: Transaction<DB>,
  { scope, key, fingerprint }: IdempotencyRequest,
  work: (trx: Transaction<DB>) => Promise<T>,
): Promise<T> => {
  const keys = trx as unknown as Transaction<KitTables>;
  // Blocks while another transaction holds the same key, and inserts nothing once that one has committed.
  const inserted = await keys
    .insertInto('idempotency_keys')
    .values({ scope, key, fingerprint })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst();
  const isKey = { scope, key };
  if (inserted.numInsertedOrUpdatedRows === 1n) {
    const result = JSON.stringify((await work(trx)) ?? null);
    await keys
      .updateTable('idempotency_keys')
      .set({ result })
      .where((eb) => eb.and(isKey))
      .execute();
    // Parsed, as a duplicate will get it: the two answers are identical.
    return JSON.parse(result);
  }
  const stored = await keys
    .selectFrom('idempotency_keys')
    .select(['fingerprint', 'result'])
    .where((eb) => eb.and(isKey))
    .executeTakeFirst();
  if (stored === undefined) throw problem('unavailable', { log: 'idempotency key was deleted concurrently' });
  if (stored.fingerprint !== fingerprint) throw problem('idempotency_key_reused');
  return JSON.parse(stored.result ?? 'null');
};

import type { Transaction } from 'kysely';
import type { NotificationTables } from '../db.ts';

type Effect<E> = (trx: Transaction<NotificationTables>, event: E) => Promise<void>;

/** Several effects of one event, one after the other, in its one transaction. */
export const inOrder =
  <E>(...effects: Effect<E>[]): Effect<E> =>
  async (trx, event) => {
    for (const effect of effects) await effect(trx, event);
  };

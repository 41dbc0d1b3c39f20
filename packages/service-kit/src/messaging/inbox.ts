import type { EventEnvelope, EventType } from '@smartserver/contracts';
import { sql, type Transaction } from 'kysely';
import type { Database } from '../data/database.ts';
import type { KitTables } from '../data/tables.ts';

/** What a service does with each event it consumes, in the transaction that also records that the event was taken. */
export type Handlers<DB> = {
  [T in EventType]?: (trx: Transaction<DB>, event: EventEnvelope<T>) => Promise<void>;
};

/**
 * Takes an event: its inbox row and its effect commit together, so that a repeated delivery, also a simultaneous one, has no
 * effect. A dead letter of the same event is gone with it.
 * @returns whether it had an effect: false for a repeated one
 */
export const receiveEvent = async <DB extends KitTables>(
  database: Pick<Database<DB>, 'kysely'>,
  handler: (trx: Transaction<DB>, event: EventEnvelope) => Promise<void>,
  event: EventEnvelope,
): Promise<boolean> =>
  database.kysely.transaction().execute(async (trx) => {
    // Blocks while another transaction takes the same event, and inserts nothing once that one has committed.
    const taken = await sql`
      with no_longer_dead as (delete from dead_letters where event_id = ${event.id})
      insert into inbox (event_id, type) values (${event.id}, ${event.type}) on conflict do nothing`.execute(trx);
    if (taken.numAffectedRows !== 1n) return false;
    await handler(trx, event);
    return true;
  });

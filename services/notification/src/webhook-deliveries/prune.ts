import { sql } from 'kysely';
import type { Deps } from '../deps.ts';

/** What is over is kept for so long. */
const KEEP_MS = 30 * 24 * 3_600_000;
const BATCH = 5_000;

/** Deletes deliveries and messages that are too old to be listed, a batch at a time. Never what is still to be sent. */
export const pruneDeliveries = async ({ database, clock }: Pick<Deps, 'database' | 'clock'>): Promise<void> => {
  const before = new Date(clock.now().getTime() - KEEP_MS);
  for (;;) {
    const deliveries = await sql`
      delete from webhook_deliveries where ctid = any(array(
        select ctid from webhook_deliveries where created_at < ${before} and status <> 'pending' limit ${BATCH}
      ))`.execute(database.kysely);
    const messages = await sql`
      delete from webhook_messages where message_id = any(array(
        select message_id from webhook_messages message where created_at < ${before}
          and not exists (select from webhook_deliveries delivery where delivery.message_id = message.message_id)
        limit ${BATCH}
      ))`.execute(database.kysely);
    if (!deliveries.numAffectedRows && !messages.numAffectedRows) return;
  }
};

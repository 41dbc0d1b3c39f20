import type { ActorReference, LicenseHistoryEntry, LicenseHistoryEvent } from '@smartserver/contracts';
import { sql, type Transaction } from 'kysely';
import { insertRows } from './insert-rows.sql.ts';
import type { LicenseTables } from './tables.ts';

/** One move of a license. */
export type LicenseHistoryRow = {
  partner_id: string;
  license_id: string;
  at: Date;
  /** The event of the move; a move of this service's own: the entry's id. UUIDv7. */
  source_id: string;
  entry_id: string;
  event: LicenseHistoryEvent;
  actor_kind: ActorReference['kind'];
  actor_id: string;
  customer_id: string | null;
  install_code: string | null;
  detail: string | null;
};

export const toHistoryEntry = (row: LicenseHistoryRow): LicenseHistoryEntry => ({
  entryId: row.entry_id,
  event: row.event,
  at: row.at.toISOString(),
  actor: { kind: row.actor_kind, id: row.actor_id },
  customerId: row.customer_id,
  installCode: row.install_code,
  detail: row.detail,
});

/**
 * A move that is known already, under the same source, is left as it is: its event may be delivered twice.
 * @param rows at least one
 */
export const insertHistory = async (
  trx: Transaction<LicenseTables>,
  rows: readonly LicenseHistoryRow[],
): Promise<void> => {
  await sql`${insertRows('license_history', rows)} on conflict (license_id, source_id) do nothing`.execute(trx);
};

import type { ActorReference, LicenseHistoryEntry, LicenseHistoryEvent } from '@smartserver/contracts';

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

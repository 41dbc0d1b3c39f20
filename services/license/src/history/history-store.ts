import type { ActorReference, LicenseHistoryEntry, LicenseHistoryEvent } from '@smartserver/contracts';
import type { Tenant } from '@smartserver/service-kit';
import { type Kysely, type Selectable, sql, type Transaction } from 'kysely';
import type { LicenseHistoryTable, LicenseTables } from '../db.ts';
import { visibleHistory, visibleLicenses } from '../tenancy.ts';
import type { HistoryKey } from './history-cursor.ts';

/** One move of a license. */
export type HistoryEntry = {
  entryId: string;
  /** The event that told of the move; a move of this service's own: the entry's id. UUIDv7. */
  sourceId: string;
  partnerId: string;
  licenseId: string;
  event: LicenseHistoryEvent;
  at: Date;
  actor: ActorReference;
  customerId: string | null;
  installCode: string | null;
  detail: string | null;
};

/** A move that is known already, under the same source, is left as it is: the news of it may come twice. */
export const insertHistory = async (
  trx: Transaction<LicenseTables>,
  entries: readonly HistoryEntry[],
): Promise<void> => {
  await trx
    .insertInto('license_history')
    .values(
      entries.map((entry) => ({
        partner_id: entry.partnerId,
        license_id: entry.licenseId,
        at: entry.at,
        source_id: entry.sourceId,
        entry_id: entry.entryId,
        event: entry.event,
        actor_kind: entry.actor.kind,
        actor_id: entry.actor.id,
        customer_id: entry.customerId,
        install_code: entry.installCode,
        detail: entry.detail,
      })),
    )
    .onConflict((conflict) => conflict.columns(['license_id', 'source_id']).doNothing())
    .execute();
};

/** Oldest first: by when it happened, not by when this service heard of it. */
export const listHistory = async (
  db: Kysely<LicenseTables>,
  tenant: Tenant,
  licenseId: string,
  page: { after: HistoryKey | null; count: number },
): Promise<Selectable<LicenseHistoryTable>[]> => {
  let query = db
    .selectFrom('license_history')
    .innerJoin('licenses', 'licenses.license_id', 'license_history.license_id')
    .selectAll('license_history')
    .where('licenses.license_id', '=', licenseId)
    .where(visibleLicenses(tenant))
    .where(visibleHistory(tenant))
    .orderBy('license_history.at')
    .orderBy('license_history.source_id')
    .limit(page.count);
  if (page.after !== null) {
    query = query.where(
      sql<boolean>`(license_history.at, license_history.source_id) > (${page.after.at}, ${page.after.sourceId})`,
    );
  }
  return query.execute();
};

export const toHistoryEntry = (row: Selectable<LicenseHistoryTable>): LicenseHistoryEntry => ({
  entryId: row.entry_id,
  event: row.event,
  at: row.at.toISOString(),
  actor: { kind: row.actor_kind, id: row.actor_id },
  customerId: row.customer_id,
  installCode: row.install_code,
  detail: row.detail,
});

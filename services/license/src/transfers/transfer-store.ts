import type { Transfer } from '@smartserver/contracts';
import type { Tenant } from '@smartserver/service-kit';
import type { Kysely, Selectable, Transaction } from 'kysely';
import type { LicenseTables, TransfersTable } from '../db.ts';
import { visibleTransfers } from '../tenancy.ts';

export type TransferRow = Selectable<TransfersTable>;

export const insertTransfer = async (trx: Transaction<LicenseTables>, transfer: TransferRow): Promise<void> => {
  await trx.insertInto('transfers').values(transfer).execute();
};

/** Newest first. */
export const listTransfers = async (
  db: Kysely<LicenseTables>,
  tenant: Tenant,
  page: { after: string | null; count: number },
): Promise<TransferRow[]> => {
  let query = db
    .selectFrom('transfers')
    .selectAll()
    .where(visibleTransfers(tenant))
    .orderBy('transfer_id', 'desc')
    .limit(page.count);
  if (page.after !== null) query = query.where('transfer_id', '<', page.after);
  return query.execute();
};

export const toTransfer = (row: TransferRow): Transfer => ({
  transferId: row.transfer_id,
  partnerId: row.partner_id,
  customerId: row.customer_id,
  licenseIds: row.license_ids,
  createdAt: row.created_at.toISOString(),
});

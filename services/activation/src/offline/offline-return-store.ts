import { type Expression, type SqlBool, sql } from 'kysely';
import type { ActivationTransaction, Executor, OfflineReturnRow } from '../db.ts';
import type { Stay } from './receipt.ts';

/** What a receipt was answered when it came first. */
export const findOfflineReturn = (
  executor: Executor,
  receiptDigest: string,
  visible: Expression<SqlBool>,
): Promise<OfflineReturnRow | undefined> =>
  executor
    .selectFrom('offline_returns')
    .selectAll()
    .where('receipt_digest', '=', receiptDigest)
    .where(visible)
    .executeTakeFirst();

export const insertOfflineReturn = (trx: ActivationTransaction, row: OfflineReturnRow): Promise<OfflineReturnRow> =>
  trx.insertInto('offline_returns').values(row).returningAll().executeTakeFirstOrThrow();

/** Up to this serial the controller refuses documents, as it has said in a receipt; null: it has given none. */
export const lastReceiptSerial = async (executor: Executor, installCode: string): Promise<number | null> => {
  const row = await executor
    .selectFrom('offline_returns')
    .select((eb) => eb.fn.max('receipt_serial').as('serial'))
    .where('install_code', '=', installCode)
    .executeTakeFirst();
  return row?.serial ?? null;
};

/** The newest stay of each license on the controller; those that were never there are missing. */
export const newestStays = (
  trx: ActivationTransaction,
  installCode: string,
  licenseIds: readonly string[],
): Promise<Stay[]> =>
  trx
    .selectFrom('activations')
    .select(['license_id', 'serial'])
    .select(sql<boolean>`returned_at is null`.as('open'))
    .distinctOn('license_id')
    .where('license_id', '=', sql<string>`any(${[...licenseIds]}::uuid[])`)
    .where('install_code', '=', installCode)
    .orderBy('license_id')
    // Ids of two processes are in order as far as their clocks are: an open stay is the newest, whatever its id.
    .orderBy(sql`returned_at is null`, 'desc')
    .orderBy('id', 'desc')
    .execute();

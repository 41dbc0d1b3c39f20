import { createHash } from 'node:crypto';
import type { Kysely, Transaction } from 'kysely';
import type { AccountTables } from '../db.ts';
import type { DeviceClaim, KnownController } from './device-claim.ts';

export const findController = async (
  db: Kysely<AccountTables>,
  installCode: string,
): Promise<KnownController | null> => {
  const row = await db.selectFrom('controllers').selectAll().where('install_code', '=', installCode).executeTakeFirst();
  if (row === undefined) return null;
  return { customerId: row.customer_id, deviceKey: row.device_key, licenseCount: row.license_count };
};

/** A nonce is the device's own: another key may happen to use the same one. */
const proofHash = ({ deviceKey, nonce }: DeviceClaim): Buffer =>
  createHash('sha256').update(`${deviceKey}\n${nonce}`).digest();

/** Remembers that a proof was used. @returns false when it had been used before */
export const useProof = async (trx: Transaction<AccountTables>, claim: DeviceClaim): Promise<boolean> => {
  const result = await trx
    .insertInto('device_proofs')
    .values({ proof_hash: proofHash(claim), expires_at: claim.forgetAfter })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst();
  return result.numInsertedOrUpdatedRows === 1n;
};

export const deleteOldProofs = (db: Kysely<AccountTables>, now: Date) =>
  db.deleteFrom('device_proofs').where('expires_at', '<', now).execute();

import type { Kysely, Transaction } from 'kysely';
import type { AccountTables } from '../db.ts';
import { MOST_TRIES } from './portal-code.ts';

type Trx = Transaction<AccountTables>;

export type NewPortalCode = {
  codeId: string;
  emailHash: Buffer;
  emailSealed: Buffer;
  codeHash: Buffer;
  slotStartsAt: Date;
  expiresAt: Date;
};

/**
 * Keeps a code, unless there is one for this address and slot that nobody has used. Two at the same time: one waits for the other.
 * @returns whether it was kept
 */
export const insertCode = async (trx: Trx, code: NewPortalCode): Promise<boolean> => {
  const result = await trx
    .insertInto('portal_codes')
    .values({
      code_id: code.codeId,
      email_hash: code.emailHash,
      email_sealed: code.emailSealed,
      code_hash: code.codeHash,
      slot_starts_at: code.slotStartsAt,
      expires_at: code.expiresAt,
    })
    .onConflict((conflict) =>
      conflict.columns(['email_hash', 'slot_starts_at']).where('used_at', 'is', null).doNothing(),
    )
    .executeTakeFirst();
  return result.numInsertedOrUpdatedRows === 1n;
};

/** The code of an address and slot that nobody has used; null when it was used just now. */
export const findOpenCode = async (trx: Trx, emailHash: Buffer, slotStartsAt: Date): Promise<string | null> => {
  const row = await trx
    .selectFrom('portal_codes')
    .select('code_id')
    .where('email_hash', '=', emailHash)
    .where('slot_starts_at', '=', slotStartsAt)
    .where('used_at', 'is', null)
    .executeTakeFirst();
  return row?.code_id ?? null;
};

export const insertChallenge = (trx: Trx, challengeId: string, codeId: string) =>
  trx.insertInto('portal_challenges').values({ challenge_id: challengeId, code_id: codeId }).execute();

/**
 * Counts a try, and holds the challenge until the transaction ends: simultaneous tries come one after the other.
 * @returns the code it is about; null when there is no such challenge, or its tries are used up
 */
export const countTry = async (trx: Trx, challengeId: string): Promise<string | null> => {
  const row = await trx
    .updateTable('portal_challenges')
    .set((eb) => ({ tries: eb('tries', '+', 1) }))
    .where('challenge_id', '=', challengeId)
    .where('tries', '<', MOST_TRIES)
    .returning('code_id')
    .executeTakeFirst();
  return row?.code_id ?? null;
};

/**
 * Uses a code up, if this is its hash and it is still good. Of two at the same time, one does.
 * @returns the address it was sent to, sealed for the code's id; null when it was not used now
 */
export const useCode = async (trx: Trx, codeId: string, codeHash: Buffer, now: Date): Promise<Buffer | null> => {
  const row = await trx
    .updateTable('portal_codes')
    .set({ used_at: now })
    .where('code_id', '=', codeId)
    .where('code_hash', '=', codeHash)
    .where('used_at', 'is', null)
    .where('expires_at', '>', now)
    .returning('email_sealed')
    .executeTakeFirst();
  return row?.email_sealed ?? null;
};

/** Codes that are good for nothing any more, with their challenges. */
export const deleteOldCodes = (db: Kysely<AccountTables>, now: Date) =>
  db.deleteFrom('portal_codes').where('expires_at', '<=', now).execute();

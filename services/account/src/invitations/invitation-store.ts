import type { Kysely, Transaction } from 'kysely';
import type { AccountTables } from '../db.ts';

export type Invitation = { version: number; expiresAt: Date };

/** The version after this user's newest invitation; 1 for the first one. Call it with the user's row locked. */
export const nextInvitationVersion = async (trx: Transaction<AccountTables>, userId: string): Promise<number> => {
  const query = trx.selectFrom('invitations').select('version').where('user_id', '=', userId);
  const row = await query.executeTakeFirst();
  return (row?.version ?? 0) + 1;
};

/** Puts an invitation in the place of the one before, whose token ends with that. */
export const putInvitation = (
  trx: Transaction<AccountTables>,
  userId: string,
  invitation: Invitation & { tokenHash: Buffer },
) => {
  const values = {
    version: invitation.version,
    token_hash: invitation.tokenHash,
    expires_at: invitation.expiresAt,
    used_at: null,
  };
  return trx
    .insertInto('invitations')
    .values({ user_id: userId, ...values })
    .onConflict((conflict) => conflict.column('user_id').doUpdateSet(values))
    .execute();
};

/** Whether there is, or was, an invitation with this token. */
export const isInvitationToken = async (db: Kysely<AccountTables>, tokenHash: Buffer): Promise<boolean> => {
  const query = db.selectFrom('invitations').select('user_id').where('token_hash', '=', tokenHash);
  return (await query.executeTakeFirst()) !== undefined;
};

/** Uses up an invitation: of two at the same time, one gets it. @returns the invited user, or null */
export const useInvitation = async (
  trx: Transaction<AccountTables>,
  tokenHash: Buffer,
  now: Date,
): Promise<string | null> => {
  const row = await trx
    .updateTable('invitations')
    .set({ used_at: now })
    .where('token_hash', '=', tokenHash)
    .where('used_at', 'is', null)
    .where('expires_at', '>', now)
    .returning('user_id')
    .executeTakeFirst();
  return row?.user_id ?? null;
};

import type { AcceptedInvitation } from '@smartserver/contracts';
import { change, problem } from '@smartserver/service-kit';
import type { Deps } from '../deps.ts';
import { findUser, lockUser } from '../model/accounts.sql.ts';
import type { Trx } from '../model/tables.ts';
import { credentialIdempotency, hashOfSecret, type PublicContext } from '../security/secrets.ts';
import { newSecondFactor, openSecondFactor, otpauthUrl } from '../sign-in/second-factor.ts';

/**
 * Sets the password of an invited user, once. Staff gets its second factor with that.
 * @throws invitation_not_found when the token is unknown, used, replaced or expired
 */
export const acceptInvitation = async (
  deps: Deps,
  context: PublicContext,
  token: string,
  password: string,
): Promise<AcceptedInvitation> => {
  const { kysely } = deps.database;
  const tokenHash = hashOfSecret(token);
  // Hashing a password is expensive: without a token it is not done.
  const invitations = kysely.selectFrom('invitations').select('user_id').where('token_hash', '=', tokenHash);
  if ((await invitations.executeTakeFirst()) === undefined) throw problem('invitation_not_found');
  const password_hash = await deps.passwords.hash(password);
  const idempotency = credentialIdempotency(deps, context, `invitation:${tokenHash.toString('hex')}`);
  const { userId } = await change(deps, idempotency, async (trx) => {
    const userId = await useInvitation(trx, tokenHash, deps.clock.now());
    const user = userId === null ? undefined : await lockUser(trx, userId);
    if (userId === null || user?.status !== 'invited') throw problem('invitation_not_found');
    const second_factor_sealed = user.kind === 'staff' ? newSecondFactor(deps, userId) : null;
    await trx
      .updateTable('users')
      .set({ status: 'active', password_hash, second_factor_sealed, second_factor_step: null })
      .where('user_id', '=', userId)
      .execute();
    return { userId };
  });
  const user = await findUser(kysely, userId);
  if (user === undefined) throw problem('invitation_not_found');
  const secret = openSecondFactor(deps, user);
  const secondFactor = secret === null ? null : { secret, otpauthUrl: otpauthUrl(user.email, secret) };
  return { email: user.email, secondFactor };
};

/** Uses up an invitation: of two at the same time, one gets it. @returns the invited user, or null */
const useInvitation = async (trx: Trx, tokenHash: Buffer, now: Date): Promise<string | null> => {
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

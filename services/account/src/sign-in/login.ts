import type { LoginRequest } from '@smartserver/contracts';
import { CALLER_BITS, callerNetwork, change, problem } from '@smartserver/service-kit';
import type { Deps } from '../deps.ts';

import { countGuesses, type Guess, resetGuesses, takeGuessBack } from '../guesses/limits.ts';
import { findUserByEmail, lockUser } from '../model/accounts.sql.ts';
import type { Trx } from '../model/tables.ts';
import { actorOfUser, emailKey } from '../model/user.ts';
import { credentialIdempotency, type PublicContext } from '../security/secrets.ts';
import { openSecondFactor, stepOfOneTimeCode } from './second-factor.ts';
import { type OpenSession, openSession } from './session.ts';

/**
 * Signs in with e-mail address and password. Every failure before the password was right is the same `invalid_credentials`, after
 * the same work.
 * @param address where the request came from
 * @throws invalid_credentials, second_factor_required, rate_limited
 */
export const login = async (
  deps: Deps,
  context: PublicContext,
  request: LoginRequest,
  address: string,
): Promise<OpenSession> => {
  const from = callerNetwork(address, CALLER_BITS);
  const ofAddress: Guess = { kind: 'address', by: from };
  const ofPassword: Guess = { kind: 'password', by: `${from} ${emailKey(request.email)}` };
  await countGuesses(deps, [ofAddress, ofPassword]);

  const user = await findUserByEmail(deps.database.kysely, request.email);
  const isRight = await deps.passwords.verify(user?.password_hash ?? null, request.password);
  if (user === undefined || !isRight || user.status !== 'active') throw problem('invalid_credentials');

  const userId = user.user_id;
  const ofSecondFactor: Guess = { kind: 'secondFactor', by: userId };
  if (user.second_factor_sealed !== null) {
    if (request.otp === undefined) {
      await takeGuessBack(deps, ofPassword);
      await takeGuessBack(deps, ofAddress);
      throw problem('second_factor_required');
    }
    await countGuesses(deps, [ofSecondFactor]);
  }
  const opened = await change(deps, credentialIdempotency(deps, context, `login:${userId}`), async (trx) => {
    await useOneTimeCode(trx, deps, userId, request.otp);
    return openSession(trx, deps, { kind: 'user', userId }, actorOfUser(user));
  });
  await Promise.all([
    resetGuesses(deps, ofPassword),
    resetGuesses(deps, ofSecondFactor),
    takeGuessBack(deps, ofAddress),
  ]);
  return opened;
};

/** On the locked user: of two sign-ins with one code at the same time, one succeeds. */
const useOneTimeCode = async (trx: Trx, deps: Deps, userId: string, code: string | undefined): Promise<void> => {
  const user = await lockUser(trx, userId);
  if (user?.status !== 'active') throw problem('invalid_credentials');
  const secret = openSecondFactor(deps, user);
  if (secret === null) return;
  const step = stepOfOneTimeCode(secret, code ?? '', deps.clock.now(), user.second_factor_step);
  if (step === null) throw problem('invalid_credentials');
  await trx.updateTable('users').set({ second_factor_step: step }).where('user_id', '=', userId).execute();
};

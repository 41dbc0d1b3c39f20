import { change, problem } from '@smartserver/service-kit';
import type { Deps } from '../deps.ts';
import type { Trx } from '../model/tables.ts';
import { credentialIdempotency, type PublicContext } from '../security/secrets.ts';
import { type OpenSession, openSession } from '../sign-in/session.ts';
import { accountsOfAddress, actorOfAddress } from '../sign-in/subject.ts';
import { hashOfCode, MOST_TRIES } from './code.ts';
import { countPortalGuess } from './guesses.ts';

/**
 * Signs in with the code of a challenge. Every failure is the same `challenge_failed`, after the same work.
 * @param address where the request came from
 * @throws challenge_failed, rate_limited
 */
export const verifyChallenge = async (
  deps: Deps,
  context: PublicContext,
  challengeId: string,
  code: string,
  address: string,
): Promise<OpenSession> => {
  const guess = await countPortalGuess(deps, 'code', address);
  const idempotency = credentialIdempotency(deps, context, `portal-verify:${challengeId}`);
  // The count of tries must commit, so the refusal is thrown after the transaction.
  const opened = await change(deps, idempotency, (trx) => verifyIn(trx, deps, challengeId, code));
  if (opened === null) throw problem('challenge_failed');
  await guess.takeBack();
  return opened;
};

const verifyIn = async (trx: Trx, deps: Deps, challengeId: string, code: string): Promise<OpenSession | null> => {
  const { clock, ids, secrets } = deps;
  // For a challenge that does not exist, a code is looked for that does not exist either.
  const codeId = (await countTry(trx, challengeId)) ?? ids.random();
  const sealed = await useCode(trx, codeId, hashOfCode(secrets, codeId, code), clock.now());
  if (sealed === null) return null;
  const key = secrets.open(sealed, codeId).toString();
  const customerIds = await accountsOfAddress(trx, key);
  // No account lists the address, or none does any more.
  if (customerIds.length === 0) return null;
  return openSession(trx, deps, { kind: 'address', emailKey: key }, actorOfAddress(secrets, key, customerIds));
};

/**
 * Counts a try, and locks the challenge until the transaction ends: simultaneous tries come one after the other.
 * @returns the code it is about; null when there is no such challenge, or its tries are used up
 */
const countTry = async (trx: Trx, challengeId: string): Promise<string | null> => {
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
const useCode = async (trx: Trx, codeId: string, codeHash: Buffer, now: Date): Promise<Buffer | null> => {
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

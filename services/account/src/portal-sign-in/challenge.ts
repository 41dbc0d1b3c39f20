import type { Language, PortalChallenge, PortalCodeMessage } from '@smartserver/contracts';
import { CALLER_BITS, callerNetwork, change, recordEvent, SITE_BITS } from '@smartserver/service-kit';
import { type Insertable, sql } from 'kysely';
import type { Deps } from '../deps.ts';
import { countGuesses } from '../guesses/limits.ts';
import type { PortalCodesTable } from '../model/portal-code.ts';
import type { Db, Trx } from '../model/tables.ts';
import { emailKey } from '../model/user.ts';
import { credentialIdempotency, type PublicContext } from '../security/secrets.ts';
import { hashOfAddress, hashOfCode, newCode, timesOfCode } from './code.ts';

/**
 * Has a one-time code e-mailed to a contact. For an unknown address the same is done, down to the message to notification, which then
 * has no recipient: neither answer nor time shows which addresses are known. [guarantees.md 21]
 * @param address where the request came from
 * @throws rate_limited
 */
export const createChallenge = async (
  deps: Deps,
  context: PublicContext,
  email: string,
  address: string,
): Promise<PortalChallenge> => {
  await countGuesses(deps, [{ kind: 'codeRequest', by: callerNetwork(address, CALLER_BITS) }]);
  await countGuesses(deps, [{ kind: 'codeRequestOfDay', by: callerNetwork(address, SITE_BITS) }]);
  const key = emailKey(email);
  const scope = `portal-challenge:${hashOfAddress(deps.secrets, key).toString('base64url')}`;
  const idempotency = credentialIdempotency(deps, context, scope);
  return change(deps, idempotency, (trx) => createChallengeIn(trx, deps, context, key));
};

const createChallengeIn = async (
  trx: Trx,
  deps: Deps,
  context: PublicContext,
  key: string,
): Promise<PortalChallenge> => {
  const { clock, ids, secrets } = deps;
  const challengeId = ids.random();
  const times = timesOfCode(clock.now());
  const addressee = await findAddressee(trx, key);
  const code = newCode(secrets, ids.random());
  const newCodeId = ids.random();
  const codeId = await keepCode(trx, {
    code_id: newCodeId,
    email_hash: hashOfAddress(secrets, key),
    email_sealed: secrets.seal(Buffer.from(key), newCodeId),
    code_hash: hashOfCode(secrets, newCodeId, code),
    slot_starts_at: times.slotStartsAt,
    expires_at: times.expiresAt,
  });
  await trx.insertInto('portal_challenges').values({ challenge_id: challengeId, code_id: codeId }).execute();
  const expiresAt = times.expiresAt.toISOString();
  if (codeId === newCodeId) {
    const message: PortalCodeMessage = {
      recipient: addressee?.email ?? null,
      language: addressee?.language ?? 'en',
      code,
    };
    const data = { challengeId, sealed: deps.mailSeal.seal(message, challengeId), expiresAt };
    const cause = { actor: { kind: 'system', id: 'portal' } as const, traceparent: context.traceparent };
    await recordEvent(trx, deps, cause, { type: 'portal-code.requested.1', data });
  }
  return { challengeId, expiresAt };
};

type Addressee = { email: string; language: Language };

/**
 * How an address is written to: as the partner who added it wrote it last, never as this request did. Always one row, so
 * that known and unknown addresses take the same time. @returns null for an unknown one
 */
const findAddressee = async (db: Db, key: string): Promise<Addressee | null> => {
  const { rows } = await sql<{ email: string | null; language: Language | null }>`
    select contact.email, contact.language
    from (values (1)) as always left join lateral (
      select email, language from contacts where email_key = ${key} order by contact_id desc limit 1
    ) as contact on true`.execute(db);
  const { email = null, language = null } = rows[0] ?? {};
  return email === null || language === null ? null : { email, language };
};

/** @returns the id of the code that is good for the address in this slot: the new one, unless there is one already */
const keepCode = async (trx: Trx, code: Insertable<PortalCodesTable>): Promise<string> => {
  // Again only if the code that was in the way has been used in this very moment.
  for (;;) {
    // Of two at the same time, one waits here for the other.
    const inserted = await trx
      .insertInto('portal_codes')
      .values(code)
      .onConflict((conflict) =>
        conflict.columns(['email_hash', 'slot_starts_at']).where('used_at', 'is', null).doNothing(),
      )
      .executeTakeFirst();
    if (inserted.numInsertedOrUpdatedRows === 1n) return code.code_id;
    const open = await trx
      .selectFrom('portal_codes')
      .select('code_id')
      .where('email_hash', '=', code.email_hash)
      .where('slot_starts_at', '=', code.slot_starts_at)
      .where('used_at', 'is', null)
      .executeTakeFirst();
    if (open !== undefined) return open.code_id;
  }
};

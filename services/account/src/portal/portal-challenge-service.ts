import type { PortalChallenge, PortalCodeMessage } from '@smartserver/contracts';
import {
  type AnonymousContext,
  type Clock,
  change,
  type Database,
  type Ids,
  problem,
  recordEvent,
  type Seal,
} from '@smartserver/service-kit';
import type { Transaction } from 'kysely';
import { accountsOfAddress, findAddressee } from '../customers/contact-store.ts';
import type { AccountTables } from '../db.ts';
import { credentialIdempotency } from '../security/idempotency.ts';
import type { Secrets } from '../security/secrets.ts';
import { addressGroup, type GuessLimiter, networkGroup } from '../sessions/guess-limiter.ts';
import type { OpenSession, SessionService } from '../sessions/session-service.ts';
import { emailKey } from '../users/user.ts';
import { actorOfAddress } from './customer.ts';
import { hashOfAddress, hashOfCode, newCode, timesOfCode } from './portal-code.ts';
import {
  countTry,
  findOpenCode,
  insertChallenge,
  insertCode,
  type NewPortalCode,
  useCode,
} from './portal-code-store.ts';
import type { PortalGuesses } from './portal-guess-service.ts';

export type PortalChallengeDeps = {
  database: Database<AccountTables>;
  relay: { wake(): void };
  clock: Clock;
  ids: Ids;
  secrets: Secrets;
  limiter: GuessLimiter;
  portalGuesses: PortalGuesses;
  /** For the eyes of notification only. */
  mailSeal: Seal;
};

type Context = Pick<AnonymousContext, 'idempotency' | 'traceparent'>;

/**
 * Sign-in with a one-time code that is e-mailed to a contact. For an address that nobody knows the same is done, down to the
 * message to notification, which then has no recipient: neither answer nor time tells which addresses are known. [guarantees.md 21]
 */
export class PortalChallengeService {
  constructor(
    private readonly deps: PortalChallengeDeps,
    private readonly sessions: SessionService,
  ) {}

  /**
   * @param address where the request came from
   * @throws rate_limited
   */
  async create(email: string, address: string, context: Context): Promise<PortalChallenge> {
    const { limiter, secrets } = this.deps;
    await limiter.count([{ kind: 'codeRequest', by: addressGroup(address) }]);
    await limiter.count([{ kind: 'codeRequestOfDay', by: networkGroup(address) }]);
    const key = emailKey(email);
    const scope = `portal-challenge:${hashOfAddress(secrets, key).toString('base64url')}`;
    const idempotency = credentialIdempotency(secrets, context.idempotency, scope);
    return change(this.deps, idempotency, (trx) => this.#create(trx, key, context));
  }

  /**
   * Every failure is the same `challenge_failed`, after the same work.
   * @param address where the request came from
   * @throws challenge_failed, rate_limited
   */
  async verify(challengeId: string, code: string, address: string, context: Context): Promise<OpenSession> {
    const { secrets, portalGuesses } = this.deps;
    const guess = await portalGuesses.count('code', address);
    const idempotency = credentialIdempotency(secrets, context.idempotency, `portal-verify:${challengeId}`);
    // The count of tries must commit, so the refusal is thrown after the transaction.
    const opened = await change(this.deps, idempotency, (trx) => this.#verify(trx, challengeId, code));
    if (opened === null) throw problem('challenge_failed');
    await guess.takeBack();
    return opened;
  }

  async #create(trx: Transaction<AccountTables>, key: string, context: Context): Promise<PortalChallenge> {
    const { clock, ids, secrets } = this.deps;
    const challengeId = ids.random();
    const times = timesOfCode(clock.now());
    const addressee = await findAddressee(trx, key);
    const code = newCode(secrets, ids.random());
    const made = { ...times, ...this.#newCode(key, code) };
    const codeId = await keepCode(trx, made);
    await insertChallenge(trx, challengeId, codeId);
    const expiresAt = times.expiresAt.toISOString();
    if (codeId === made.codeId) {
      const message: PortalCodeMessage = {
        recipient: addressee?.email ?? null,
        language: addressee?.language ?? 'en',
        code,
      };
      const data = { challengeId, sealed: this.deps.mailSeal.seal(message, challengeId), expiresAt };
      const cause = { actor: { kind: 'system', id: 'portal' } as const, traceparent: context.traceparent };
      await recordEvent(trx, this.deps, cause, { type: 'portal-code.requested.1', data });
    }
    return { challengeId, expiresAt };
  }

  #newCode(key: string, code: string): Omit<NewPortalCode, 'slotStartsAt' | 'expiresAt'> {
    const { ids, secrets } = this.deps;
    const codeId = ids.random();
    return {
      codeId,
      emailHash: hashOfAddress(secrets, key),
      emailSealed: secrets.seal(Buffer.from(key), codeId),
      codeHash: hashOfCode(secrets, codeId, code),
    };
  }

  async #verify(trx: Transaction<AccountTables>, challengeId: string, code: string): Promise<OpenSession | null> {
    const { clock, ids, secrets } = this.deps;
    // For a challenge that there is not, a code is looked for that there is not either.
    const codeId = (await countTry(trx, challengeId)) ?? ids.random();
    const sealed = await useCode(trx, codeId, hashOfCode(secrets, codeId, code), clock.now());
    if (sealed === null) return null;
    const key = secrets.open(sealed, codeId).toString();
    const customerIds = await accountsOfAddress(trx, key);
    // Nobody's address, or nobody's any more.
    if (customerIds.length === 0) return null;
    return this.sessions.open(trx, { kind: 'address', emailKey: key }, actorOfAddress(secrets, key, customerIds));
  }
}

/** @returns the id of the code that is good for the address in this slot: the new one, unless there is one already */
const keepCode = async (trx: Transaction<AccountTables>, code: NewPortalCode): Promise<string> => {
  // Again only if the code that was in the way has been used in this very moment.
  for (;;) {
    if (await insertCode(trx, code)) return code.codeId;
    const open = await findOpenCode(trx, code.emailHash, code.slotStartsAt);
    if (open !== null) return open;
  }
};

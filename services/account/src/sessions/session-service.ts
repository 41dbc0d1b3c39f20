import type { Actor, LoginRequest } from '@smartserver/contracts';
import {
  type Clock,
  change,
  type Database,
  type Ids,
  type Logger,
  problem,
  type RequestContext,
} from '@smartserver/service-kit';
import type { Transaction } from 'kysely';
import type { AccountTables } from '../db.ts';
import type { TokenContent } from '../keys/token-signer.ts';
import { credentialIdempotency } from '../security/idempotency.ts';
import type { Passwords } from '../security/passwords.ts';
import { stepOfOneTimeCode } from '../security/second-factor.ts';
import type { Secrets } from '../security/secrets.ts';
import { actorOfUser, emailKey } from '../users/user.ts';
import { findUserByEmail, keepSecondFactorStep, lockUser } from '../users/user-store.ts';
import { addressGroup, type Guess, type GuessLimiter } from './guess-limiter.ts';
import { type RefreshTokenName, readRefreshToken } from './refresh-token.ts';
import { decideRefresh, expiryAfterRefresh, timesOfNewSession } from './session.ts';
import { endSession, insertSession, lockSession, rotateSession } from './session-store.ts';
import type { SessionSubject } from './session-subject.ts';
import { actorOfSubject } from './subject-service.ts';

export type SessionDeps = {
  database: Database<AccountTables>;
  relay: { wake(): void };
  clock: Clock;
  ids: Ids;
  logger: Logger;
  secrets: Secrets;
  passwords: Passwords;
  limiter: GuessLimiter;
};

/** A sign-in, and all that its answer is rendered from: the tokens themselves are derived, never stored. */
export type OpenSession = TokenContent & { refresh: RefreshTokenName & { expiresAt: string } };

/** Signing in with e-mail address and password, and staying signed in, however one has signed in. */
export class SessionService {
  constructor(private readonly deps: SessionDeps) {}

  /**
   * Every failure before the password was right is the same `invalid_credentials`, after the same work.
   * @param address where the request came from
   * @throws invalid_credentials, second_factor_required, rate_limited
   */
  async login(
    request: LoginRequest,
    address: string,
    context: Pick<RequestContext, 'idempotency'>,
  ): Promise<OpenSession> {
    const { database, limiter, passwords, secrets } = this.deps;
    const from = addressGroup(address);
    const ofAddress: Guess = { kind: 'address', by: from };
    const ofPassword: Guess = { kind: 'password', by: `${from} ${emailKey(request.email)}` };
    await limiter.count([ofAddress, ofPassword]);

    const user = await findUserByEmail(database.kysely, request.email);
    const isRight = await passwords.verify(user?.passwordHash ?? null, request.password);
    if (user === null || !isRight || user.status !== 'active') throw problem('invalid_credentials');

    const ofSecondFactor: Guess = { kind: 'secondFactor', by: user.userId };
    if (user.secondFactor !== null) {
      if (request.otp === undefined) {
        await limiter.takeBack(ofPassword);
        await limiter.takeBack(ofAddress);
        throw problem('second_factor_required');
      }
      await limiter.count([ofSecondFactor]);
    }
    const idempotency = credentialIdempotency(secrets, context.idempotency, `login:${user.userId}`);
    const opened = await change(this.deps, idempotency, async (trx) => {
      await this.#useOneTimeCode(trx, user.userId, request.otp);
      return this.open(trx, { kind: 'user', userId: user.userId }, actorOfUser(user));
    });
    await Promise.all([limiter.forgive(ofPassword), limiter.forgive(ofSecondFactor), limiter.takeBack(ofAddress)]);
    return opened;
  }

  /** Opens a session for whoever has just shown who it is. */
  async open(trx: Transaction<AccountTables>, subject: SessionSubject, actor: Actor): Promise<OpenSession> {
    const now = this.deps.clock.now();
    const session = { sessionId: this.deps.ids.random(), generation: 1, ...timesOfNewSession(now) };
    await insertSession(trx, { ...session, subject, rotatedAt: now });
    return this.#answer(actor, session, now);
  }

  /**
   * Exchanges a refresh token for the next one and a new access token.
   * @throws session_expired
   */
  async refresh(token: string | undefined): Promise<OpenSession> {
    const name = readRefreshToken(this.deps.secrets, token);
    if (name === null) throw problem('session_expired');
    // The end of a family must commit, so the refusal is thrown after the transaction.
    const opened = await change(this.deps, { idempotency: null }, (trx) => this.#refresh(trx, name));
    if (opened === null) throw problem('session_expired');
    return opened;
  }

  /** Ends the session of a refresh token. A token that is none ends nothing, and nobody is told. */
  async logout(token: string | undefined): Promise<void> {
    const name = readRefreshToken(this.deps.secrets, token);
    if (name !== null) await endSession(this.deps.database.kysely, name.sessionId, this.deps.clock.now());
  }

  /** On the locked user: of two sign-ins with one code at the same time, one succeeds. */
  async #useOneTimeCode(trx: Transaction<AccountTables>, userId: string, code: string | undefined): Promise<void> {
    const user = await lockUser(trx, userId);
    if (user?.status !== 'active') throw problem('invalid_credentials');
    if (user.secondFactor === null) return;
    const secret = this.deps.secrets.open(user.secondFactor.sealed, userId).toString();
    const step = stepOfOneTimeCode(secret, code ?? '', this.deps.clock.now(), user.secondFactor.lastStep);
    if (step === null) throw problem('invalid_credentials');
    await keepSecondFactorStep(trx, userId, step);
  }

  async #refresh(trx: Transaction<AccountTables>, name: RefreshTokenName): Promise<OpenSession | null> {
    const now = this.deps.clock.now();
    const session = await lockSession(trx, name.sessionId);
    if (session === null) return null;
    const actor = await actorOfSubject(trx, this.deps.secrets, session.subject);
    if (actor === null) {
      await endSession(trx, session.sessionId, now);
      return null;
    }
    switch (decideRefresh(session, name, now)) {
      case 'refuse':
        return null;
      case 'end':
        await endSession(trx, session.sessionId, now);
        this.deps.logger.warn(
          { actor: actor.kind, id: actor.id },
          'a replaced refresh token came back: the session was ended',
        );
        return null;
      case 'repeat':
        return this.#answer(actor, session, now);
      case 'rotate': {
        const next = {
          generation: session.generation + 1,
          rotatedAt: now,
          expiresAt: expiryAfterRefresh(session, now),
        };
        await rotateSession(trx, session.sessionId, next);
        return this.#answer(actor, { ...session, ...next }, now);
      }
    }
  }

  #answer(actor: Actor, session: RefreshTokenName & { expiresAt: Date }, now: Date): OpenSession {
    const { sessionId, generation, expiresAt } = session;
    return {
      actor,
      tokenId: this.deps.ids.random(),
      issuedAt: now.toISOString(),
      refresh: { sessionId, generation, expiresAt: expiresAt.toISOString() },
    };
  }
}

import { change, problem } from '@smartserver/service-kit';
import type { Deps } from '../deps.ts';
import { toSubject } from '../model/session.ts';
import type { Db, Trx } from '../model/tables.ts';
import { decideRefresh, expiryAfterRefresh } from './refresh-rule.ts';
import { type RefreshTokenName, readRefreshToken } from './refresh-token.ts';
import { type OpenSession, toOpenSession } from './session.ts';
import { actorOfSubject } from './subject.ts';

/**
 * Exchanges a refresh token for the next one and a new access token.
 * @throws session_expired
 */
export const refresh = async (deps: Deps, token: string | undefined): Promise<OpenSession> => {
  const name = readRefreshToken(deps.secrets, token);
  if (name === null) throw problem('session_expired');
  // The end of a session must commit, so the refusal is thrown after the transaction.
  const opened = await change(deps, { idempotency: null }, (trx) => refreshIn(trx, deps, name));
  if (opened === null) throw problem('session_expired');
  return opened;
};

/** Ends the session of a refresh token. A token that is none ends nothing, and is answered alike. */
export const logout = async (deps: Deps, token: string | undefined): Promise<void> => {
  const name = readRefreshToken(deps.secrets, token);
  if (name !== null) await endSession(deps.database.kysely, name.sessionId, deps.clock.now());
};

const refreshIn = async (trx: Trx, deps: Deps, name: RefreshTokenName): Promise<OpenSession | null> => {
  const now = deps.clock.now();
  const { sessionId } = name;
  // Locked: two refreshes of one session come one after the other.
  const query = trx.selectFrom('sessions').selectAll().where('session_id', '=', sessionId).forUpdate();
  const session = await query.executeTakeFirst();
  if (session === undefined) return null;
  const actor = await actorOfSubject(trx, deps, toSubject(session));
  if (actor === null) {
    await endSession(trx, sessionId, now);
    return null;
  }
  switch (decideRefresh(session, name.generation, now)) {
    case 'refuse':
      return null;
    case 'end':
      await endSession(trx, sessionId, now);
      deps.logger.warn({ actor: actor.kind, id: actor.id }, 'replaced refresh token used again, session ended');
      return null;
    case 'repeat':
      return toOpenSession(deps, actor, session, now);
    case 'rotate': {
      const expires_at = expiryAfterRefresh(session, now);
      const next = { generation: session.generation + 1, rotated_at: now, expires_at };
      await trx.updateTable('sessions').set(next).where('session_id', '=', sessionId).execute();
      return toOpenSession(deps, actor, { ...session, ...next }, now);
    }
  }
};

const endSession = (db: Db, sessionId: string, now: Date) => {
  const open = db.updateTable('sessions').where('session_id', '=', sessionId).where('ended_at', 'is', null);
  return open.set({ ended_at: now }).execute();
};

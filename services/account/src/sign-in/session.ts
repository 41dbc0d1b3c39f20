import type { Actor } from '@smartserver/contracts';
import type { TokenContent } from '@smartserver/service-kit';
import type { Deps } from '../deps.ts';
import { type SessionRow, type SessionSubject, toSubjectColumns } from '../model/session.ts';
import type { Trx } from '../model/tables.ts';
import { newToken } from '../token-keys/access-token.ts';
import { timesOfNewSession } from './refresh-rule.ts';
import type { RefreshTokenName } from './refresh-token.ts';

/** A sign-in, and all that its answer is rendered from: the tokens themselves are derived, never stored. */
export type OpenSession = TokenContent & { refresh: RefreshTokenName & { expiresAt: string } };

export const toOpenSession = (
  deps: Deps,
  actor: Actor,
  { session_id, generation, expires_at }: Pick<SessionRow, 'session_id' | 'generation' | 'expires_at'>,
  now: Date,
): OpenSession => ({
  ...newToken(deps, actor, now),
  refresh: { sessionId: session_id, generation, expiresAt: expires_at.toISOString() },
});

/** Opens a session for a caller that has just proved who it is. */
export const openSession = async (
  trx: Trx,
  deps: Deps,
  subject: SessionSubject,
  actor: Actor,
): Promise<OpenSession> => {
  const now = deps.clock.now();
  const session = { session_id: deps.ids.random(), generation: 1, rotated_at: now, ...timesOfNewSession(now) };
  await trx
    .insertInto('sessions')
    .values({ ...session, ...toSubjectColumns(subject) })
    .execute();
  return toOpenSession(deps, actor, session, now);
};

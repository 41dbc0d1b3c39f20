// For what the plugin adds to a request.
import type {} from '@fastify/cookie';
import type { AccessToken, Actor } from '@smartserver/contracts';
import { setHeader, type TokenContent } from '@smartserver/service-kit';
import type { FastifyRequest } from 'fastify';
import type { Deps } from '../deps.ts';
import { type SessionRow, type SessionSubject, toSubjectColumns } from '../model/session.ts';
import type { Trx } from '../model/tables.ts';
import { newToken, renderToken } from '../token-keys/access-token.ts';
import { timesOfNewSession } from './refresh-rule.ts';
import { type RefreshTokenName, refreshTokenOf } from './refresh-token.ts';

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

/** The answer of a sign-in: the access token, and the refresh token as a cookie. */
export const renderSession = (deps: Deps, request: FastifyRequest, session: OpenSession): Promise<AccessToken> => {
  const remainingMs = Date.parse(session.refresh.expiresAt) - Date.parse(session.issuedAt);
  setRefreshCookie(request, refreshTokenOf(deps.secrets, session.refresh), Math.floor(remainingMs / 1000));
  return renderToken(deps, session);
};

const COOKIE = 'refresh_token';

/** Sent to the sign-in operations only, never readable by scripts, never with a request from another site. */
const ATTRIBUTES = { httpOnly: true, secure: true, sameSite: 'strict', path: '/v1/auth' } as const;

export const readRefreshCookie = (request: FastifyRequest): string | undefined => request.cookies[COOKIE];

/** @param maxAge seconds until the session ends unless it is refreshed; 0 deletes the cookie */
export const setRefreshCookie = (request: FastifyRequest, token: string, maxAge: number): void =>
  setHeader(request, 'set-cookie', request.server.serializeCookie(COOKIE, token, { ...ATTRIBUTES, maxAge }));

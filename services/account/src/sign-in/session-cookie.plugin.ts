import cookie from '@fastify/cookie';
import type { AccessToken } from '@smartserver/contracts';
import { setHeader } from '@smartserver/service-kit';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Deps } from '../deps.ts';
import { renderToken } from '../token-keys/access-token.ts';
import { refreshTokenOf } from './refresh-token.ts';
import type { OpenSession } from './session.ts';

/** Lets `request.cookies` be read, and cookies be written. */
export const registerSessionCookie = async (app: FastifyInstance): Promise<void> => {
  await app.register(cookie);
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

// For what the plugin adds to a request.
import type {} from '@fastify/cookie';
import { setHeader } from '@smartserver/service-kit';
import type { FastifyRequest } from 'fastify';

const NAME = 'refresh_token';

/** Sent to the sign-in operations only, never readable by scripts, never with a request from another site. */
const ATTRIBUTES = { httpOnly: true, secure: true, sameSite: 'strict', path: '/v1/auth' } as const;

export const readRefreshCookie = (request: FastifyRequest): string | undefined => request.cookies[NAME];

/** @param maxAgeSeconds until the session ends unless it is refreshed */
export const setRefreshCookie = (request: FastifyRequest, token: string, maxAgeSeconds: number): void => {
  const cookie = request.server.serializeCookie(NAME, token, { ...ATTRIBUTES, maxAge: maxAgeSeconds });
  setHeader(request, 'set-cookie', cookie);
};

export const clearRefreshCookie = (request: FastifyRequest): void => setRefreshCookie(request, '', 0);

import type { AccessToken } from '@smartserver/contracts';
import type { FastifyRequest } from 'fastify';
import { ACCESS_TOKEN_SECONDS } from '../keys/signing-keys.ts';
import type { TokenSigner } from '../keys/token-signer.ts';
import type { Secrets } from '../security/secrets.ts';
import { refreshTokenOf } from '../sessions/refresh-token.ts';
import type { OpenSession } from '../sessions/session-service.ts';
import { setRefreshCookie } from './refresh-cookie.ts';

/** Makes the answer of a sign-in: the access token, and the refresh token as a cookie. */
export type SessionAnswer = (request: FastifyRequest, session: OpenSession) => Promise<AccessToken>;

export const createSessionAnswer =
  (signer: TokenSigner, secrets: Secrets): SessionAnswer =>
  async (request, session) => {
    const accessToken = await signer.sign(session);
    const remaining = Date.parse(session.refresh.expiresAt) - Date.parse(session.issuedAt);
    setRefreshCookie(request, refreshTokenOf(secrets, session.refresh), Math.floor(remaining / 1000));
    return { accessToken, tokenType: 'Bearer', expiresIn: ACCESS_TOKEN_SECONDS };
  };

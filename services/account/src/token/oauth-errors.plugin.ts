import type { Problem } from '@smartserver/contracts';
import type { FastifyInstance } from 'fastify';

const TOKEN_PATH = '/v1/auth/token';

/** The error codes of RFC 6749, section 5.2, and what it has for a server in trouble. */
const oauthErrorOf = ({ status, code, errors = [] }: Problem): string => {
  if (code === 'invalid_client') return 'invalid_client';
  if (status === 429 || status >= 500) return 'temporarily_unavailable';
  if (errors.some((item) => item.code === 'invalid_scope')) return 'invalid_scope';
  const isOtherGrant = errors.some((item) => item.pointer === '/grant_type' && item.code === 'not_allowed');
  return isOtherGrant ? 'unsupported_grant_type' : 'invalid_request';
};

/**
 * Makes the problems of the token operation readable for OAuth client libraries, which look for `error` in
 * `application/json` and take nothing else. All fields of the problem stay.
 */
export const registerOAuthErrors = (app: FastifyInstance): void => {
  app.addHook('onSend', async (request, reply, payload) => {
    const isProblem = reply.statusCode >= 400 && typeof payload === 'string';
    if (!isProblem || request.routeOptions.url !== TOKEN_PATH || request.method !== 'POST') return payload;
    const found: Problem = JSON.parse(payload);
    reply.header('content-type', 'application/json; charset=utf-8');
    if (found.status === 401 && request.headers.authorization !== undefined) {
      reply.header('www-authenticate', 'Basic realm="SmartServer License Management"');
    }
    return JSON.stringify({ error: oauthErrorOf(found), error_description: found.detail, ...found });
  });
};

import jwt from '@fastify/jwt';
import { ACCESS_TOKEN, type AccessTokenClaims, type Actor } from '@smartserver/contracts';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { claimsToActor } from './claims.ts';
import { createKeySet, type KeySetOptions } from './key-set.ts';
import { ProblemError, problem } from './problems.ts';

export type TokenVerifier = {
  /** Prepares a server for `verify`: once, before its routes. */
  register(app: FastifyInstance): Promise<void>;
  /**
   * The actor of the request's bearer token.
   * @throws ProblemError unauthenticated; unavailable, when the keys cannot be had
   */
  verify(request: FastifyRequest): Promise<Actor>;
};

type Claims = AccessTokenClaims & { sub: string; iat: number; exp: number; nbf?: number };
type Token = { header: { kid?: unknown }; payload: Claims };
type Entry = { actor: Actor; kid: string; notBefore: number; expiresAt: number };

/** A token is about 600 bytes: at most some 10 MB. */
const CACHE_SIZE = 10_000;

/** A token of a partner with many accounts is long, but not that long. */
const MAX_TOKEN_LENGTH = 16_000;

const BEARER = /^Bearer +([^\s,]+)$/i;

const refused = (cause?: unknown): ProblemError => problem('unauthenticated', { log: 'access token refused', cause });

const tokenOf = (request: FastifyRequest): string => {
  const token = BEARER.exec(request.headers.authorization ?? '')?.[1];
  if (token === undefined) throw problem('unauthenticated', { log: 'no bearer token' });
  return token;
};

const kidOf = ({ header }: Token): string => {
  if (typeof header.kid !== 'string') throw refused();
  return header.kid;
};

/**
 * Verifies access tokens with `@fastify/jwt`: EdDSA by a published key; issuer, audience and type pinned; in force now.
 *
 * A verified token is remembered here, so that the next request with it costs no signature check. The cache of `@fastify/jwt` goes
 * by the machine's clock and does not notice that a key was withdrawn: both are checked here each time.
 */
export const createTokenVerifier = (options: KeySetOptions & { cacheSize?: number }): TokenVerifier => {
  const { clock, cacheSize = CACHE_SIZE } = options;
  const keys = createKeySet(options);
  const cache = new Map<string, Entry>();

  const remember = (token: string, entry: Entry): void => {
    if (cache.size >= cacheSize) {
      // The oldest first: a Map keeps the order of insertion.
      for (const oldest of cache.keys()) {
        cache.delete(oldest);
        break;
      }
    }
    cache.set(token, entry);
  };

  const inForce = (entry: Entry): boolean => {
    const now = clock.now().getTime();
    return now >= entry.notBefore && now < entry.expiresAt;
  };

  const keyOf = async (_request: FastifyRequest, token: unknown): Promise<string> => {
    const key = await keys.find(kidOf(token as Token));
    // Never an empty key: the plugin would look for another one.
    if (key === null) throw refused();
    return key;
  };

  const check = async (request: FastifyRequest, token: string): Promise<Entry> => {
    if (token.length > MAX_TOKEN_LENGTH) throw refused();
    try {
      return entryOf((await request.jwtVerify()) as Token);
    } catch (cause) {
      throw cause instanceof ProblemError ? cause : refused(cause);
    }
  };

  return {
    async register(app) {
      await app.register(jwt, {
        secret: { public: keyOf },
        decode: { complete: true },
        verify: {
          algorithms: [ACCESS_TOKEN.algorithm],
          allowedIss: ACCESS_TOKEN.issuer,
          allowedAud: ACCESS_TOKEN.audience,
          checkTyp: ACCESS_TOKEN.type,
          requiredClaims: ['iss', 'aud', 'sub', 'iat', 'exp'],
          ignoreExpiration: true,
          ignoreNotBefore: true,
          cache: false,
          complete: true,
          extractToken: tokenOf,
        },
      });
    },
    async verify(request) {
      const token = tokenOf(request);
      const known = cache.get(token);
      if (known !== undefined) {
        if (inForce(known) && keys.has(known.kid)) return known.actor;
        cache.delete(token);
      }
      const entry = await check(request, token);
      if (!inForce(entry)) throw refused();
      remember(token, entry);
      return entry.actor;
    },
  };
};

const entryOf = (token: Token): Entry => {
  const { payload } = token;
  if (typeof payload.exp !== 'number') throw new Error('exp is no number');
  return {
    actor: claimsToActor(payload.sub, payload),
    kid: kidOf(token),
    notBefore: typeof payload.nbf === 'number' ? payload.nbf * 1_000 : 0,
    expiresAt: payload.exp * 1_000,
  };
};

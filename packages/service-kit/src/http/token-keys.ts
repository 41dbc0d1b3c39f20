import { createPublicKey, type KeyObject } from 'node:crypto';
import jwt from '@fastify/jwt';
import { ACCESS_TOKEN, type AccessTokenClaims, type JsonWebKeySet } from '@smartserver/contracts';
import fastify from 'fastify';

export type VerifiedClaims = AccessTokenClaims & { sub: string; iat: number; exp: number; nbf?: number };

/** One published key: checks signature, algorithm, issuer, audience and type, not the time. Throws on what it refuses. */
export type TokenKey = (token: string) => VerifiedClaims;

/**
 * `@fastify/jwt` keeps its prepared verifier only for a key given at registration (a key given with each call costs 13 times
 * as much), so each key has a small instance of its own.
 */
const tokenKey = async (key: KeyObject): Promise<TokenKey> => {
  const host = fastify({ logger: false });
  await host.register(jwt, {
    secret: { public: key.export({ type: 'spki', format: 'pem' }).toString() },
    verify: {
      algorithms: [ACCESS_TOKEN.algorithm],
      allowedIss: ACCESS_TOKEN.issuer,
      allowedAud: ACCESS_TOKEN.audience,
      checkTyp: ACCESS_TOKEN.type,
      requiredClaims: ['iss', 'aud', 'sub', 'iat', 'exp'],
      // The time is the caller's to check, by the injected clock, and again each time it meets the token.
      ignoreExpiration: true,
      ignoreNotBefore: true,
      // Its cache looks at the wall clock; ours does not.
      cache: false,
    },
  });
  await host.ready();
  return (token) => host.jwt.verify<VerifiedClaims>(token);
};

/** Keys by their ids. A key that is there already is kept as it is. */
export type TokenKeys = ReadonlyMap<string, { x: string; verify: TokenKey }>;

/** The keys of a key set. Keys of another kind are not ours to use and are left out. */
export const tokenKeysOf = async (set: JsonWebKeySet, before: TokenKeys): Promise<TokenKeys> => {
  const keys = new Map<string, { x: string; verify: TokenKey }>();
  for (const jwk of set.keys) {
    if (jwk.kty !== 'OKP' || jwk.crv !== 'Ed25519' || typeof jwk.kid !== 'string') continue;
    const same = before.get(jwk.kid);
    const verify =
      same?.x === jwk.x ? same.verify : await tokenKey(createPublicKey({ key: { ...jwk }, format: 'jwk' }));
    keys.set(jwk.kid, { x: jwk.x, verify });
  }
  return keys;
};

/** The `kid` that a token names, null for what is no JWS. Nothing is trusted yet. */
export const keyIdOf = (token: string): string | null => {
  try {
    const header: unknown = JSON.parse(Buffer.from(token.slice(0, token.indexOf('.')), 'base64url').toString('utf8'));
    if (typeof header !== 'object' || header === null || !('kid' in header)) return null;
    return typeof header.kid === 'string' ? header.kid : null;
  } catch {
    return null;
  }
};

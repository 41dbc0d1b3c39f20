import type { Actor, JsonWebKeySet } from '@smartserver/contracts';
import { claimsToActor } from './claims.ts';
import { createKeyRing, type KeyRingOptions } from './key-ring.ts';
import { type ProblemError, problem } from './problems.ts';
import { keyIdOf, type VerifiedClaims } from './token-keys.ts';

export type TokenVerifier = {
  /** @throws ProblemError unauthenticated; unavailable, when the keys cannot be had */
  verify(token: string): Promise<Actor>;
};

type Entry = { actor: Actor; kid: string; notBefore: number; expiresAt: number };

/** A token is about 600 bytes: at most some 10 MB. */
const CACHE_SIZE = 10_000;

/** A token of a partner with many accounts is long, but not that long. */
const MAX_TOKEN_LENGTH = 16_000;

const refused = (cause?: unknown): ProblemError => problem('unauthenticated', { log: 'access token refused', cause });

/**
 * Verifies access tokens: EdDSA by a published key, issuer, audience and type pinned, in force now.
 * A verified token is remembered, so that the next request with it costs no signature check; that it has not expired and that
 * its key is still published is checked each time.
 */
export const createTokenVerifier = (options: KeyRingOptions & { cacheSize?: number }): TokenVerifier => {
  const { clock, cacheSize = CACHE_SIZE } = options;
  const ring = createKeyRing(options);
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

  const check = async (token: string): Promise<Entry> => {
    const kid = token.length > MAX_TOKEN_LENGTH ? null : keyIdOf(token);
    const key = kid === null ? null : await ring.find(kid);
    if (kid === null || key === null) throw refused();
    try {
      return entryOf(kid, key(token));
    } catch (cause) {
      throw refused(cause);
    }
  };

  return {
    async verify(token) {
      const known = cache.get(token);
      if (known !== undefined) {
        if (inForce(known) && ring.has(known.kid)) return known.actor;
        cache.delete(token);
      }
      const entry = await check(token);
      if (!inForce(entry)) throw refused();
      remember(token, entry);
      return entry.actor;
    },
  };
};

const entryOf = (kid: string, claims: VerifiedClaims): Entry => {
  if (typeof claims.exp !== 'number') throw new Error('exp is no number');
  return {
    actor: claimsToActor(claims.sub, claims),
    kid,
    notBefore: typeof claims.nbf === 'number' ? claims.nbf * 1_000 : 0,
    expiresAt: claims.exp * 1_000,
  };
};

/** Fetches a key set over HTTP, within 5 seconds. */
export const httpJwks = (url: string) => async (): Promise<JsonWebKeySet> => {
  const response = await fetch(url, { signal: AbortSignal.timeout(5_000), headers: { accept: 'application/json' } });
  if (!response.ok) throw new Error(`the key set answered ${response.status}`);
  const body: unknown = await response.json();
  if (typeof body !== 'object' || body === null || !('keys' in body) || !Array.isArray(body.keys)) {
    throw new Error('the key set has no keys');
  }
  return { keys: body.keys };
};

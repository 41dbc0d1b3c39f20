import { createPublicKey } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { JsonWebKeySet } from '@smartserver/contracts';
import type { Clock } from '../clock.ts';
import { problem } from './problems.ts';

export type KeySetOptions = {
  jwks: () => Promise<JsonWebKeySet>;
  clock: Clock;
  /** Milliseconds between two fetches for a key that is not known. */
  refetchIntervalMs?: number;
  /** Milliseconds after which the set is fetched again, so that a withdrawn key stops working. */
  refreshIntervalMs?: number;
  /** Waits; a test does not. */
  wait?: (ms: number) => Promise<unknown>;
};

/**
 * The keys that access tokens are signed with, as account publishes them.
 *
 * Not `createRemoteJWKSet` of jose (6.2): when a set is old it waits for the next one and fails with it, so that an outage
 * of account would sign everyone out; for an unknown key it answers at once while it is cooling down, so that the first tokens of a new key
 * would fail; and its clock cannot be injected.
 */
export type KeySet = {
  /**
   * The key of this id as SPKI PEM, null when account does not publish it. An unknown id has the set fetched again, at most once
   * per interval whoever asks: anyone can make up ids, and a new key must not fail its first tokens.
   * @throws ProblemError unavailable, when the set cannot be had and was never had
   */
  find(kid: string): Promise<string | null>;
  /** Whether the key is still published, as far as known now. Has the set refreshed in the background when it is old. */
  has(kid: string): boolean;
};

export const createKeySet = (options: KeySetOptions): KeySet => {
  const { jwks, clock, refetchIntervalMs = 1_000, refreshIntervalMs = 60_000, wait = pause } = options;
  let keys: ReadonlyMap<string, string> = new Map();
  let startedAt = Number.NEGATIVE_INFINITY;
  let running: Promise<void> | null = null;

  const fetchKeys = async (): Promise<void> => {
    const early = startedAt + refetchIntervalMs - clock.now().getTime();
    if (early > 0) await wait(Math.min(early, refetchIntervalMs));
    startedAt = clock.now().getTime();
    keys = keysOf(await jwks());
  };

  const refetch = (): Promise<void> => {
    running ??= fetchKeys().finally(() => {
      running = null;
    });
    return running;
  };

  const refreshWhenOld = (): void => {
    // A failure keeps the keys known so far.
    if (clock.now().getTime() - startedAt >= refreshIntervalMs) void refetch().catch(() => undefined);
  };

  return {
    async find(kid) {
      const known = keys.get(kid);
      if (known !== undefined) {
        refreshWhenOld();
        return known;
      }
      try {
        await refetch();
      } catch (cause) {
        throw problem('unavailable', {
          log: 'access token keys cannot be fetched',
          cause,
          headers: { 'retry-after': '1' },
        });
      }
      return keys.get(kid) ?? null;
    },
    has(kid) {
      refreshWhenOld();
      return keys.has(kid);
    },
  };
};

/** Keys of another kind are not used for access tokens. */
const keysOf = (set: JsonWebKeySet): Map<string, string> => {
  const keys = new Map<string, string>();
  for (const jwk of set.keys) {
    if (jwk.kty !== 'OKP' || jwk.crv !== 'Ed25519' || typeof jwk.kid !== 'string') continue;
    const key = createPublicKey({ key: { ...jwk }, format: 'jwk' });
    keys.set(jwk.kid, key.export({ type: 'spki', format: 'pem' }).toString());
  }
  return keys;
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

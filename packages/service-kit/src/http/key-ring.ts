import { setTimeout as pause } from 'node:timers/promises';
import type { JsonWebKeySet } from '@smartserver/contracts';
import type { Clock } from '../clock.ts';
import { problem } from './problems.ts';
import { type TokenKey, type TokenKeys, tokenKeysOf } from './token-keys.ts';

export type KeyRingOptions = {
  jwks: () => Promise<JsonWebKeySet>;
  clock: Clock;
  /** Milliseconds between two fetches for a key that is not known. */
  refetchIntervalMs?: number;
  /** Milliseconds after which the set is fetched again, so that a withdrawn key stops working. */
  refreshIntervalMs?: number;
  /** Waits; a test does not. */
  wait?: (ms: number) => Promise<unknown>;
};

/** The keys that access tokens are signed with, as account publishes them. */
export type KeyRing = {
  /**
   * The key of this id, null when account does not publish it. An unknown id has the set fetched again, at most once per
   * interval whoever asks: anyone can make up ids, and a new key must not fail its first tokens.
   * @throws ProblemError unavailable, when the set cannot be had and was never had
   */
  find(kid: string): Promise<TokenKey | null>;
  /** Whether the key is still published, as far as known now. Has the set refreshed in the background when it is old. */
  has(kid: string): boolean;
};

export const createKeyRing = (options: KeyRingOptions): KeyRing => {
  const { jwks, clock, refetchIntervalMs = 1_000, refreshIntervalMs = 60_000, wait = pause } = options;
  let keys: TokenKeys = new Map();
  let startedAt = Number.NEGATIVE_INFINITY;
  let running: Promise<void> | null = null;

  const fetchKeys = async (): Promise<void> => {
    const early = startedAt + refetchIntervalMs - clock.now().getTime();
    if (early > 0) await wait(Math.min(early, refetchIntervalMs));
    startedAt = clock.now().getTime();
    keys = await tokenKeysOf(await jwks(), keys);
  };

  const refetch = (): Promise<void> => {
    running ??= fetchKeys().finally(() => {
      running = null;
    });
    return running;
  };

  const refreshWhenOld = (): void => {
    // A failure keeps the keys known so far: account being away must not sign everyone out.
    if (clock.now().getTime() - startedAt >= refreshIntervalMs) void refetch().catch(() => undefined);
  };

  return {
    async find(kid) {
      const known = keys.get(kid);
      if (known !== undefined) {
        refreshWhenOld();
        return known.verify;
      }
      try {
        await refetch();
      } catch (cause) {
        throw problem('unavailable', {
          log: 'the keys of access tokens cannot be fetched',
          cause,
          headers: { 'retry-after': '1' },
        });
      }
      return keys.get(kid)?.verify ?? null;
    },
    has(kid) {
      refreshWhenOld();
      return keys.has(kid);
    },
  };
};

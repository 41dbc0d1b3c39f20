import type { KeyObject } from 'node:crypto';
import { ACCESS_TOKEN, type JsonWebKey } from '@smartserver/contracts';

/** Seconds an access token is good for. */
export const ACCESS_TOKEN_SECONDS = 15 * 60;

/** Seconds a new key is published before it signs: several times as long as any verifier keeps the key set. */
const PUBLISHED_AHEAD_SECONDS = 15 * 60;

/** Seconds added to the life of the last token of a key, for clocks that are not alike. */
const CLOCK_LEEWAY_SECONDS = 5 * 60;

export type SigningKey = {
  /** RFC 7638 thumbprint. */
  kid: string;
  /** Public part, `x` of its JWK. */
  x: string;
  privateKey: KeyObject;
  signsFrom: Date;
  /** Null for the newest key. */
  publishedUntil: Date | null;
};

const seconds = (instant: Date, later: number): Date => new Date(instant.getTime() + later * 1000);

/** From when on a key made now signs. */
export const startOfNextKey = (now: Date): Date => seconds(now, PUBLISHED_AHEAD_SECONDS);

/** Until when a key must be published whose successor signs from `successorSigns` on: its last token has expired then. */
export const endOfPublication = (successorSigns: Date): Date =>
  seconds(successorSigns, ACCESS_TOKEN_SECONDS + CLOCK_LEEWAY_SECONDS);

/** The key that signs now: the newest whose time has come. Before any has (a clock was set back), the oldest. */
export const keyThatSigns = (keys: readonly SigningKey[], now: Date): SigningKey | null => {
  const byStart = [...keys].sort((a, b) => a.signsFrom.getTime() - b.signsFrom.getTime());
  return byStart.filter((key) => key.signsFrom <= now).at(-1) ?? byStart[0] ?? null;
};

/** Keys that a verifier must know now, newest first. */
export const publishedKeys = (keys: readonly SigningKey[], now: Date): SigningKey[] =>
  keys
    .filter((key) => key.publishedUntil === null || key.publishedUntil > now)
    .sort((a, b) => b.signsFrom.getTime() - a.signsFrom.getTime());

export const jwkOf = (key: Pick<SigningKey, 'kid' | 'x'>): JsonWebKey => ({
  kty: 'OKP',
  crv: 'Ed25519',
  x: key.x,
  kid: key.kid,
  alg: ACCESS_TOKEN.algorithm,
  use: 'sig',
});

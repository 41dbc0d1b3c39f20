import { timingSafeEqual } from 'node:crypto';
import type { Secrets } from '../security/secrets.ts';

/** Names one refresh token: generation `n` of a session is followed by `n + 1`. */
export type RefreshTokenName = { sessionId: string; generation: number };

const FORM = /^([0-9a-f-]{36})\.([1-9][0-9]{0,8})\.([A-Za-z0-9_-]{43})$/;

const mac = (secrets: Secrets, { sessionId, generation }: RefreshTokenName): string =>
  secrets.derive('refresh-token', sessionId, generation);

/**
 * The token is a function of its name, so that a lost answer or a second tab gets the same successor, and a token that was
 * replaced long ago is still recognised as one of the family.
 */
export const refreshTokenOf = (secrets: Secrets, name: RefreshTokenName): string =>
  `${name.sessionId}.${name.generation}.${mac(secrets, name)}`;

/** Reads a token that came in. @returns null unless this service made it */
export const readRefreshToken = (secrets: Secrets, token: string | undefined): RefreshTokenName | null => {
  const [, sessionId, generation, given] = FORM.exec(token ?? '') ?? [];
  if (sessionId === undefined || generation === undefined || given === undefined) return null;
  const name = { sessionId, generation: Number(generation) };
  return timingSafeEqual(Buffer.from(given), Buffer.from(mac(secrets, name))) ? name : null;
};

import type { Secrets } from '../security/secrets.ts';
import { CODES } from './guess-limits.ts';

/** Seconds that a code is good for, from the start of its slot on. */
const CODE_SECONDS = 10 * 60;

/**
 * Codes for one address are made once in so many seconds: the next request gets a challenge for the same code, and no second
 * e-mail is sent. A stranger who asks for codes on and on can thus neither flood a mailbox nor keep its owner from getting one.
 * Slots are the clock's, so that no answer shows whether there was a request before.
 */
const SLOT_SECONDS = 60;

/** Codes that may be tried for one challenge. */
export const MOST_TRIES = 5;

/** @returns the slot that a code asked for now belongs to, and when it ends to be good: in 9 to 10 minutes */
export const timesOfCode = (now: Date): { slotStartsAt: Date; expiresAt: Date } => {
  const start = Math.floor(now.getTime() / (SLOT_SECONDS * 1000)) * SLOT_SECONDS * 1000;
  return { slotStartsAt: new Date(start), expiresAt: new Date(start + CODE_SECONDS * 1000) };
};

const DIGITS = String(CODES - 1).length;

/** A fresh code: six digits, each value equally likely. @param random an id that is used for nothing else, nor kept */
export const newCode = (secrets: Secrets, random: string): string => {
  const number = Buffer.from(secrets.derive('portal-code', random), 'base64url').readBigUInt64BE();
  return String(number % BigInt(CODES)).padStart(DIGITS, '0');
};

/** A code at rest. Under a key that is not in the database: a plain hash of six digits could be tried out. */
export const hashOfCode = (secrets: Secrets, codeId: string, code: string): Buffer =>
  Buffer.from(secrets.derive('portal-code-hash', codeId, code), 'base64url');

/** An address at rest, as far as it has to be found again. */
export const hashOfAddress = (secrets: Secrets, emailKey: string): Buffer =>
  Buffer.from(secrets.derive('portal-address', emailKey), 'base64url');

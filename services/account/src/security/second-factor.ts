import { generateURI, verifySync } from 'otplib';

const PERIOD_SECONDS = 30;
const ISSUER = 'SmartServer License Management';
const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** Base32 (RFC 4648) without padding, as authenticator apps read it. */
export const base32 = (bytes: Buffer): string => {
  let bits = '';
  for (const byte of bytes) bits += byte.toString(2).padStart(8, '0');
  return (bits.match(/.{1,5}/g) ?? []).map((five) => BASE32[Number.parseInt(five.padEnd(5, '0'), 2)]).join('');
};

/**
 * Checks a one-time code (TOTP, RFC 6238: six digits, 30 seconds; one step early or late is accepted).
 * @param lastStep time step of the newest code used before, or null: that code, and older ones, are used up
 * @returns the code's time step, to be kept as the next `lastStep`; null when the code is not right
 */
export const stepOfOneTimeCode = (secret: string, code: string, now: Date, lastStep: number | null): number | null => {
  const result = verifySync({
    secret,
    token: code,
    epoch: Math.floor(now.getTime() / 1000),
    period: PERIOD_SECONDS,
    epochTolerance: PERIOD_SECONDS,
    ...(lastStep === null ? {} : { afterTimeStep: lastStep }),
  });
  return result.valid && 'timeStep' in result ? result.timeStep : null;
};

/** What an authenticator app scans. */
export const otpauthUrl = (email: string, secret: string): string =>
  generateURI({ issuer: ISSUER, label: email, secret });

import { base32nopad } from '@scure/base';
import { generateURI, verifySync } from 'otplib';
import type { Deps } from '../deps.ts';
import type { UserRow } from '../model/user.ts';

const PERIOD_SECONDS = 30;
const ISSUER = 'SmartServer License Management';
const SECRET_BYTES = 20;

/** A fresh secret, as authenticator apps read it (base32, RFC 4648, without padding), sealed for its user. */
export const newSecondFactor = ({ ids, secrets }: Deps, userId: string): Buffer => {
  const bytes = Buffer.from(secrets.derive('second-factor', ids.random()), 'base64url').subarray(0, SECRET_BYTES);
  return secrets.seal(Buffer.from(base32nopad.encode(bytes)), userId);
};

/** @returns null for a user without a second factor */
export const openSecondFactor = (
  { secrets }: Deps,
  { user_id, second_factor_sealed }: Pick<UserRow, 'user_id' | 'second_factor_sealed'>,
): string | null => second_factor_sealed && secrets.open(second_factor_sealed, user_id).toString();

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

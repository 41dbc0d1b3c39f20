/**
 * The same instant of the day, `years` calendar years later, in UTC; 29 February becomes 28 February where the year has
 * no 29th. [D] rule 6
 * @param years whole, may be negative
 * @throws RangeError for an invalid date or a fraction of a year
 */
export const addYears = (date: Date, years: number): Date => {
  requireInstant(date);
  if (!Number.isInteger(years)) throw new RangeError('years must be a whole number.');
  const moved = new Date(date);
  moved.setUTCFullYear(date.getUTCFullYear() + years);
  // Only 29 February can roll over, into 1 March: day 0 is the last day of the month before.
  if (moved.getUTCDate() !== date.getUTCDate()) moved.setUTCDate(0);
  requireInstant(moved);
  return moved;
};

/** One maintenance license of a chain of renewals. `termYears`: whole, 1 or more. */
export type MaintenanceLink = { firstActivatedAt: Date; termYears: number };

/**
 * When the last license of a chain of renewals starts and expires. A renewal starts at the expiry of the one it renews,
 * or at its own first activation if that is later: nothing is lost and nothing counts twice. [D] rule 6
 * @param chain oldest first, the license in question last; each but the first renews the one before it. A license that
 *   renews none is a chain of one.
 * @throws RangeError for an empty chain, an invalid date or a term that is not a whole number of years from 1 on
 */
export const maintenanceTerm = (chain: readonly MaintenanceLink[]): { startsAt: Date; expiresAt: Date } => {
  let term: { startsAt: Date; expiresAt: Date } | undefined;
  for (const { firstActivatedAt, termYears } of chain) {
    requireInstant(firstActivatedAt);
    if (!Number.isInteger(termYears) || termYears < 1) throw new RangeError('termYears must be 1 or more, whole.');
    const startsAt = term && term.expiresAt > firstActivatedAt ? term.expiresAt : firstActivatedAt;
    term = { startsAt: new Date(startsAt), expiresAt: addYears(startsAt, termYears) };
  }
  if (!term) throw new RangeError('chain must hold the license itself.');
  return term;
};

/** A license's status; `expiring` is still active. Expiry never stops devices that run. [V][D] rule 7 */
export type LicenseStatus = 'active' | 'expiring' | 'expired';

const millisecondsPerDay = 86_400_000;

/**
 * Status at an instant. The term is half open: at `expiresAt` itself the license has expired; `expiring` begins exactly
 * `expiringWithinDays` times 24 hours before. [V][D] rule 7
 * @param options `expiresAt` null: never expires. `expiringWithinDays`: 0 or more, 90 by default.
 * @throws RangeError for an invalid date or a negative number of days
 */
export const licenseStatus = (options: {
  expiresAt: Date | null;
  now: Date;
  expiringWithinDays?: number;
}): LicenseStatus => {
  const { expiresAt, now, expiringWithinDays = 90 } = options;
  requireInstant(now);
  if (!(expiringWithinDays >= 0)) throw new RangeError('expiringWithinDays must be 0 or more.');
  if (expiresAt === null) return 'active';
  requireInstant(expiresAt);
  const left = expiresAt.getTime() - now.getTime();
  if (left <= 0) return 'expired';
  return left <= expiringWithinDays * millisecondsPerDay ? 'expiring' : 'active';
};

/** @throws RangeError for an invalid date */
export const requireInstant = (date: Date): void => {
  if (Number.isNaN(date.getTime())) throw new RangeError('A valid date is needed.');
};

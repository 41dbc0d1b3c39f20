import type { LicenseKind } from '@smartserver/contracts';
import { addYears, type MaintenanceLink, maintenanceTerm } from '@smartserver/rules';
import type { LicenseRow } from '../db.ts';

/** A term of maintenance, half open. */
export type Term = { startsAt: Date; expiresAt: Date };

/** Longest term that is sold, in years. */
const MAX_TERM_YEARS = 10;

/** When a license whose term starts now would expire, by its years: the first element is one year's. */
export const termsFrom = (now: Date): Date[] =>
  Array.from({ length: MAX_TERM_YEARS }, (_, index) => addYears(now, index + 1));

/** A license that is renewed, as far as the term of its renewal depends on it. */
export type RenewedLicense = Pick<LicenseRow, 'first_activated_at' | 'starts_at' | 'expires_at' | 'term_years'>;

/**
 * The term of a license. It is computed once, at the first activation, and kept: documents that name it are out in the
 * field. [domain.md rule 6]
 * @param renewed the licenses that this one renews, oldest first, from the nearest that has a term on. Those that were never
 *   active have no term to wait for.
 */
export const termOf = (renewed: readonly RenewedLicense[], license: MaintenanceLink): Term => {
  const begun = renewed.flatMap((link) => {
    // A term that is dated stays as it was dated, whatever was activated since.
    const firstActivatedAt = startOf(link) ?? link.first_activated_at;
    return firstActivatedAt === null || link.term_years === null
      ? []
      : [{ firstActivatedAt, termYears: link.term_years }];
  });
  return maintenanceTerm([...begun, license]);
};

/**
 * When the term of a license starts; null: it has none, or it has not been dated. Where an earlier version of this service has
 * dated it while both were running, only its end is kept.
 */
export const startOf = ({ first_activated_at, starts_at, expires_at, term_years }: RenewedLicense): Date | null => {
  if (starts_at !== null || expires_at === null || term_years === null) return starts_at;
  const began =
    first_activated_at !== null && addYears(first_activated_at, term_years).getTime() === expires_at.getTime();
  return began ? first_activated_at : addYears(expires_at, -term_years);
};

/** Whether a license of this kind has a term at all: capacity and core never expire [V]. */
export const hasTerm = (kind: LicenseKind): boolean => kind === 'maintenance' || kind === 'remote_cms';

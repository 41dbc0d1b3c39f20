import type { LicenseKind } from '@smartserver/contracts';
import { type MaintenanceLink, maintenanceTerm } from '@smartserver/rules';

/** Longest term that is sold, in years. */
const MAX_TERM_YEARS = 10;

/** When a license whose term starts now would expire, by its years: the first element is one year's. */
export const termsFrom = (now: Date): Date[] =>
  Array.from({ length: MAX_TERM_YEARS }, (_, index) => expiry([], { firstActivatedAt: now, termYears: index + 1 }));

/**
 * When a license expires. It is computed once, at the first activation, and kept: documents that name it are out in the
 * field. [domain.md rule 6]
 * @param renewed the licenses that this one renews, oldest first. Those that were never active have no term to wait for.
 */
export function expiry(
  renewed: readonly { firstActivatedAt: Date | null; termYears: number | null }[],
  license: MaintenanceLink,
): Date {
  const started = renewed.flatMap(({ firstActivatedAt, termYears }) =>
    firstActivatedAt === null || termYears === null ? [] : [{ firstActivatedAt, termYears }],
  );
  return maintenanceTerm([...started, license]).expiresAt;
}

/** Whether a license of this kind has a term at all: capacity and core never expire [V]. */
export const hasTerm = (kind: LicenseKind): boolean => kind === 'maintenance' || kind === 'remote_cms';

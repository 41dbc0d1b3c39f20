import { type LicenseStatus, licenseStatus, requireInstant } from './terms.ts';

/**
 * What counts of a license: one that is on the controller and in good standing. Suspended and revoked ones are left out by
 * the caller. `startsAt` null: it has begun already. `expiresAt` null: it never expires; maintenance always does.
 */
export type LicenseFacts = {
  kind: 'capacity' | 'maintenance' | 'core' | 'remote_cms';
  deviceCount: number;
  startsAt: Date | null;
  expiresAt: Date | null;
};

/** A maintenance license with its term. */
export type MaintenanceFacts = { deviceCount: number; startsAt: Date | null; expiresAt: Date };

/**
 * The maintenance among the licenses.
 * @throws RangeError for a maintenance license without expiry, or an invalid date: none must ever count for good by mistake
 */
export const maintenanceOf = (licenses: readonly LicenseFacts[]): MaintenanceFacts[] =>
  licenses
    .filter(({ kind }) => kind === 'maintenance')
    .map(({ deviceCount, startsAt, expiresAt }) => {
      if (expiresAt === null) throw new RangeError('Maintenance must have an expiry.');
      requireInstant(expiresAt);
      if (startsAt !== null) requireInstant(startsAt);
      return { deviceCount, startsAt, expiresAt };
    });

/**
 * Whether a term runs at an instant. Half open, as `licenseStatus`: it counts from `startsAt` on, and no longer at `expiresAt`.
 * So a renewal that was activated early does not count twice with the one it renews. [D] rule 6
 */
export const isInForce = (term: Pick<MaintenanceFacts, 'startsAt' | 'expiresAt'>, at: Date): boolean =>
  (term.startsAt === null || term.startsAt <= at) && at < term.expiresAt;

/** State of a maintenance term; `not_started`: a renewal that was activated early. */
export type MaintenanceState = 'not_started' | LicenseStatus;

/**
 * State of a maintenance term at an instant: before its start `not_started`, then as `licenseStatus`. [D] rules 6 and 7
 * @throws RangeError as `licenseStatus`
 */
export const maintenanceState = (options: {
  startsAt: Date | null;
  expiresAt: Date;
  now: Date;
  expiringWithinDays?: number;
}): MaintenanceState => {
  const status = licenseStatus(options);
  if (options.startsAt === null) return status;
  requireInstant(options.startsAt);
  return options.now < options.startsAt ? 'not_started' : status;
};

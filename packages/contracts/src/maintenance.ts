import type { InstallCodeText, Instant, Uuid } from './common.ts';

/**
 * Class of a release. `major` and `minor` ones are upgrades, `update` needs no maintenance, `platform` ones are not covered by any
 * (rule 9).
 */
export type ReleaseClass = 'major' | 'minor' | 'update' | 'platform';

/**
 * SmartServer version as the vendor writes it.
 * @minLength 1
 * @maxLength 50
 * @example "3.3 Update 1"
 */
export type SoftwareVersion = string;

export type CreateReleaseRequest = {
  version: SoftwareVersion;
  releaseClass: ReleaseClass;
  /** When it came out, or will. */
  releasedAt: Instant;
};

export type UpdateReleaseRequest = { releaseClass: ReleaseClass; releasedAt: Instant };

export type Release = {
  releaseId: Uuid;
  version: string;
  releaseClass: ReleaseClass;
  releasedAt: Instant;
  /** @isInt */
  revision: number;
};

export type ReleasePage = { items: Release[]; nextCursor: string | null };

/**
 * Coverage of a controller (rule 8): its maintenance in force must meet or exceed its capacity, in devices.
 */
export type Coverage = {
  installCode: string;
  /** The instant that it was computed for. */
  at: Instant;
  covered: boolean;
  /**
   * Sum of the device counts of its capacity.
   * @isInt
   */
  capacityDevices: number;
  /**
   * Sum of the device counts of its maintenance in force.
   * @isInt
   */
  maintainedDevices: number;
  /**
   * How many devices of maintenance are missing; 0 when covered.
   * @isInt
   */
  missingDevices: number;
  /** Until when it stays so with the licenses it has now; null: not covered, or nothing to expire. */
  coveredUntil: Instant | null;
  /** Its maintenance licenses, the earliest expiry first. */
  maintenance: CoverageLicense[];
};

export type CoverageLicense = {
  licenseId: Uuid;
  /** @isInt */
  deviceCount: number;
  startsAt: Instant;
  expiresAt: Instant;
  /** `not_started`: a renewal that was activated early. */
  state: 'not_started' | 'active' | 'expiring' | 'expired';
};

export type CreateUpgradeCheckRequest = {
  installCode: InstallCodeText;
  fromVersion: SoftwareVersion;
  toVersion: SoftwareVersion;
};

/** Why an upgrade is allowed or refused (rule 9). */
export type UpgradeReason =
  | 'same_or_older'
  | 'license_free'
  | 'update'
  | 'covered'
  | 'no_maintenance'
  | 'maintenance_expired'
  | 'maintenance_insufficient'
  | 'not_covered';

/** A refusal is an answer, not an error. What counts is maintenance at the time of the install. */
export type UpgradeCheck = {
  installCode: string;
  fromVersion: string;
  toVersion: string;
  checkedAt: Instant;
  allowed: boolean;
  reason: UpgradeReason;
  /** With `maintenance_expired`: since when. */
  expiredAt: Instant | null;
  /**
   * With `maintenance_insufficient`: by how many devices.
   * @isInt
   */
  missingDevices: number | null;
};

/** Whether priority support is due: to whoever has maintenance in force. */
export type SupportEligibility = {
  /** What was asked for. */
  customerId: Uuid | null;
  installCode: string | null;
  eligible: boolean;
  /** Until when, renewals that were activated already included. */
  until: Instant | null;
  checkedAt: Instant;
};

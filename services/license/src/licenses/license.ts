import type { LicenseKind, LicensePlace, LicenseStanding, LicenseStatus } from '@smartserver/contracts';
import { licenseStatus } from '@smartserver/rules';

/** A license as this service knows it: its own facts, and what activation has told of it. */
export type LicenseState = {
  rowId: string;
  licenseId: string;
  partnerId: string;
  orderId: string;
  orderReference: string;
  kind: LicenseKind;
  deviceCount: number;
  termYears: number | null;
  renews: string | null;
  splitFrom: string | null;
  /** Null: in the partner's inventory. */
  customerId: string | null;
  standing: LicenseStanding;
  note: string;
  createdAt: Date;
  /** Counts this service's own changes; the ETag. */
  version: number;
  /** Null: on no controller, as far as activation has told. */
  controller: { installCode: string; activatedAt: Date } | null;
  startsAt: Date | null;
  /** Like `startsAt` known from the first activation on; a return does not clear it. [domain.md rule 6] */
  expiresAt: Date | null;
  firstActivatedAt: Date | null;
  /** Moves of the license that activation has told of. */
  activationVersion: number;
};

/** Exactly one place at a time. [domain.md rule 1] */
export const placeOf = (license: LicenseState): LicensePlace => {
  if (license.controller !== null) return 'controller';
  return license.customerId === null ? 'inventory' : 'customer';
};

/** What people see: standing first, then expiry on the controller, then the place. [domain.md rules 4, 7] */
export const statusOf = (license: LicenseState, now: Date, expiringWithinDays: number): LicenseStatus => {
  if (license.standing !== 'good') return license.standing;
  if (license.controller !== null) return licenseStatus({ expiresAt: license.expiresAt, now, expiringWithinDays });
  return license.customerId === null ? 'in_inventory' : 'assigned';
};

/** Why a license may not move or be split now, from its standing alone: what is suspended or revoked stays where it is. */
export const standingRefusal = (license: LicenseState): 'license_suspended' | 'license_revoked' | null => {
  if (license.standing === 'revoked') return 'license_revoked';
  return license.standing === 'suspended' ? 'license_suspended' : null;
};

/** The next state, of the next version. */
export const nextVersion = (license: LicenseState, changes: Partial<LicenseState>): LicenseState => ({
  ...license,
  ...changes,
  version: license.version + 1,
});

export type StandingCommand = 'suspend' | 'reinstate' | 'revoke';

/**
 * The standing after a command of Customer Success; null: it is so already, and the command, repeated, changes nothing.
 * `revoked` is final. [domain.md rule 4]
 */
export const standingAfter = (
  standing: LicenseStanding,
  command: StandingCommand,
): LicenseStanding | 'license_revoked' | null => {
  const wanted = { suspend: 'suspended', reinstate: 'good', revoke: 'revoked' } as const;
  if (standing === wanted[command]) return null;
  return standing === 'revoked' ? 'license_revoked' : wanted[command];
};

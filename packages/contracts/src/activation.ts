import type { Instant, Uuid } from './common.ts';
import type { LicenseKind, LicenseStatus } from './license.ts';

export type PutControllerRequest = {
  customerId: Uuid;
  /**
   * Name of the segment controller in the CMS.
   * @minLength 1
   * @maxLength 100
   * @pattern \S
   * @example "Building 1"
   */
  segmentName: string;
  /**
   * SmartServer version as the vendor writes it.
   * @minLength 1
   * @maxLength 50
   * @example "4.40.012"
   */
  softwareVersion: string;
};

export type Controller = {
  installCode: string;
  partnerId: Uuid;
  customerId: Uuid;
  segmentName: string;
  softwareVersion: string;
  /** Whether a device key has enrolled (rule 13). */
  enrolled: boolean;
  /** @isInt */
  licenseCount: number;
  /**
   * Sum of the device counts of its capacity.
   * @isInt
   */
  deviceCapacity: number;
  /**
   * Serial of its newest license document.
   * @isInt
   */
  serial: number;
  createdAt: Instant;
};

export type ControllerPage = { items: Controller[]; nextCursor: string | null };

/** One row of the Manage Licenses table. */
export type ControllerLicense = {
  installCode: string;
  segmentName: string;
  licenseId: Uuid;
  description: string;
  kind: LicenseKind;
  /** @isInt */
  deviceCount: number;
  status: LicenseStatus;
  activatedAt: Instant;
  /** When its term starts: a renewal that was activated early starts later. Null: it has no term, or it is not known here. */
  startsAt: Instant | null;
  expiresAt: Instant | null;
  note: string;
};

export type ControllerLicensePage = { items: ControllerLicense[]; nextCursor: string | null };

/** A license that the account has in the cloud, ready to be downloaded. */
export type AvailableLicense = {
  licenseId: Uuid;
  description: string;
  kind: LicenseKind;
  /** @isInt */
  deviceCount: number;
  termYears: number | null;
  /** With `expiresAt`. */
  startsAt: Instant | null;
  /** Set when the license was active before: a return does not restart its term (rule 6). */
  expiresAt: Instant | null;
};

export type AvailableLicensePage = { items: AvailableLicense[]; nextCursor: string | null };

export type CreateActivationsRequest = {
  /**
   * All of them are activated, or none is.
   * @minItems 1
   * @maxItems 100
   * @uniqueItems true
   */
  licenseIds: Uuid[];
};

export type Activation = {
  activationId: Uuid;
  licenseId: Uuid;
  installCode: string;
  activatedAt: Instant;
  expiresAt: Instant | null;
};

/** The signed license document of a controller. `jws` is what the controller verifies and stores. */
export type SignedLicenseDocument = {
  installCode: string;
  /** @isInt */
  serial: number;
  issuedAt: Instant;
  jws: string;
};

export type ActivationsResult = { activations: Activation[]; document: SignedLicenseDocument };

/** `licenseIds`, or `all: true` for every license on the controller; not both. */
export type CreateReturnsRequest = {
  /**
   * @minItems 1
   * @maxItems 100
   * @uniqueItems true
   */
  licenseIds?: Uuid[];
  all?: boolean;
};

export type ReturnsResult = { returned: Uuid[]; document: SignedLicenseDocument };

export type LicenseKeys = {
  root: { kid: string; publicKey: string; fingerprint: string };
  /** The one in use first. Documents of a revoked one must not be believed. */
  signing: { kid: string; certificate: string; current: boolean; revoked: boolean }[];
  /** The newest statement of revoked signing keys, signed by the root key; null: none was ever revoked. */
  revocations: string | null;
};

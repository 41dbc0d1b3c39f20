import type { Instant, Uuid } from './common.ts';

/** What the vendor sells. Core and Remote CMS never expire. */
export type LicenseKind = 'capacity' | 'maintenance' | 'core' | 'remote_cms';

/** Where a license is: exactly one place at a time (rule 1). */
export type LicensePlace = 'inventory' | 'customer' | 'controller';

/** Vendor's standing of a license; `revoked` is final. */
export type LicenseStanding = 'good' | 'suspended' | 'revoked';

/** What people see: standing first, then expiry (rule 7), then the place. */
export type LicenseStatus = 'in_inventory' | 'assigned' | 'active' | 'expiring' | 'expired' | 'suspended' | 'revoked';

/**
 * Number of devices.
 * @isInt
 * @minimum 1
 * @maximum 1000000
 */
export type DeviceCount = number;

export type OrderLine = {
  kind: LicenseKind;
  deviceCount: DeviceCount;
  /**
   * Term in years. Needed for maintenance, refused for the kinds that never expire.
   * @isInt
   * @minimum 1
   * @maximum 10
   */
  termYears?: number;
  /**
   * How many licenses of this kind and size.
   * @isInt
   * @minimum 1
   * @maximum 200
   */
  quantity: number;
  /** License ID of the maintenance license that this one renews. Several that renew one have at most its devices together. */
  renews?: Uuid;
};

export type CreateOrderRequest = {
  partnerId: Uuid;
  /**
   * The vendor's order number or whatever tells the purchase apart.
   * @minLength 1
   * @maxLength 100
   * @pattern \S
   * @example "PO-2022-0417"
   */
  reference: string;
  /**
   * At most 1,000 licenses in all.
   * @minItems 1
   * @maxItems 50
   */
  lines: OrderLine[];
};

export type License = {
  licenseId: Uuid;
  kind: LicenseKind;
  deviceCount: DeviceCount;
  /** @isInt */
  termYears: number | null;
  renews: Uuid | null;
  partnerId: Uuid;
  orderReference: string;
  place: LicensePlace;
  status: LicenseStatus;
  customerId: Uuid | null;
  installCode: string | null;
  activatedAt: Instant | null;
  /** When its term starts; known from the first activation on. A renewal that was activated early starts later. */
  startsAt: Instant | null;
  expiresAt: Instant | null;
  note: string;
  createdAt: Instant;
  /** @isInt */
  version: number;
};

export type Order = {
  orderId: Uuid;
  partnerId: Uuid;
  reference: string;
  createdAt: Instant;
  licenses: License[];
};

export type LicensePage = { items: License[]; nextCursor: string | null };

/**
 * Beginning of a License ID, or part of an order reference or a note. Case does not count.
 * @minLength 1
 * @maxLength 100
 */
export type LicenseSearchText = string;

export type UpdateLicenseRequest = {
  /**
   * @maxLength 500
   * @example "Building 1, second floor"
   */
  note: string;
};

export type LicenseHistoryEvent =
  | 'purchased'
  | 'transferred'
  | 'taken_back'
  | 'activated'
  | 'returned'
  | 'split'
  | 'suspended'
  | 'reinstated'
  | 'revoked';

export type LicenseHistoryEntry = {
  entryId: Uuid;
  event: LicenseHistoryEvent;
  at: Instant;
  actor: { kind: string; id: string };
  customerId: Uuid | null;
  installCode: string | null;
  /** Order reference, reason, or device counts of a split. */
  detail: string | null;
};

export type LicenseHistoryPage = { items: LicenseHistoryEntry[]; nextCursor: string | null };

export type CreateTransferRequest = {
  customerId: Uuid;
  /**
   * All of them move, or none does (rule 5).
   * @minItems 1
   * @maxItems 200
   * @uniqueItems true
   */
  licenseIds: Uuid[];
};

export type Transfer = {
  transferId: Uuid;
  partnerId: Uuid;
  customerId: Uuid;
  licenseIds: Uuid[];
  createdAt: Instant;
};

export type TransferPage = { items: Transfer[]; nextCursor: string | null };

export type SplitLicenseRequest = {
  /**
   * The license keeps the first count; each further one becomes a new license. They add up to the whole (rule 5).
   * @minItems 2
   * @maxItems 100
   */
  deviceCounts: DeviceCount[];
};

export type LicenseChangeKind = 'take_back' | 'split';

/** A change that may need activation's consent. `pending` (202): ask again at /v1/license-changes/{changeId}. */
export type LicenseChange = {
  changeId: Uuid;
  licenseId: Uuid;
  kind: LicenseChangeKind;
  status: 'pending' | 'completed' | 'refused';
  /** Why it was refused: a code of the problem catalogue. */
  refusal: string | null;
  /** The licenses as they were right after the change: one after a take-back, the parts after a split; none before. */
  licenses: License[];
};

export type ReasonRequest = {
  /**
   * Why, as the license's history tells it.
   * @minLength 3
   * @maxLength 500
   * @pattern \S
   * @example "Chargeback of order PO-2022-0417"
   */
  reason: string;
};

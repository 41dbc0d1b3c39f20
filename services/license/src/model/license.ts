import type {
  EventPayloads,
  License,
  LicenseKind,
  LicensePlace,
  LicenseStanding,
  LicenseStatus,
  LicenseSummary,
} from '@smartserver/contracts';
import { licenseStatus } from '@smartserver/rules';
import type { Clock } from '@smartserver/service-kit';

/** A license: a row of `licenses`, and the state that rules and statements work on. */
export type LicenseRow = {
  partner_id: string;
  /** UUIDv7: the order of creation, for paging. */
  row_id: string;
  /** UUIDv4: what people see. */
  license_id: string;
  order_id: string;
  order_reference: string;
  kind: LicenseKind;
  device_count: number;
  term_years: number | null;
  renews: string | null;
  /** The license that a split took this one from. */
  split_from: string | null;
  /** Null: in the partner's inventory. */
  customer_id: string | null;
  standing: LicenseStanding;
  note: string;
  created_at: Date;
  /** Counts this service's own changes; the ETag. */
  version: number;
  /** From here on a projection of activation's events. Null: on no controller, as far as they say. */
  install_code: string | null;
  /** When it came onto that controller. */
  activated_at: Date | null;
  starts_at: Date | null;
  /** Like `starts_at` known from the first activation on; a return does not clear it. [domain.md rule 6] */
  expires_at: Date | null;
  first_activated_at: Date | null;
  /** Counts the moves of the license on activation's side. */
  activation_version: number;
};

/** The columns that change; all others are written once. */
export const CHANGING_COLUMNS = [
  'device_count',
  'customer_id',
  'standing',
  'note',
  'version',
  'install_code',
  'activated_at',
  'starts_at',
  'expires_at',
  'first_activated_at',
  'activation_version',
] as const satisfies (keyof LicenseRow)[];

/** What the time of day and the configuration add to a license that is shown. */
export type View = { now: Date; expiringWithinDays: number };

export const viewOf = ({ clock, expiringWithinDays }: { clock: Clock; expiringWithinDays: number }): View => ({
  now: clock.now(),
  expiringWithinDays,
});

/** A license as the API shows it. */
export const toLicense = (license: LicenseRow, view: View): License => ({
  licenseId: license.license_id,
  kind: license.kind,
  deviceCount: license.device_count,
  termYears: license.term_years,
  renews: license.renews,
  partnerId: license.partner_id,
  orderReference: license.order_reference,
  place: placeOf(license),
  status: statusOf(license, view),
  customerId: license.customer_id,
  installCode: license.install_code,
  activatedAt: license.activated_at?.toISOString() ?? null,
  startsAt: license.starts_at?.toISOString() ?? null,
  expiresAt: license.expires_at?.toISOString() ?? null,
  note: license.note,
  createdAt: license.created_at.toISOString(),
  version: license.version,
});

/** The event of every change. */
export const toLicenseChanged = (license: LicenseRow) => ({
  type: 'license.changed.1' as const,
  data: {
    licenseId: license.license_id,
    partnerId: license.partner_id,
    customerId: license.customer_id,
    kind: license.kind,
    deviceCount: license.device_count,
    termYears: license.term_years,
    renews: license.renews,
    owner: license.customer_id === null ? 'inventory' : 'customer',
    standing: license.standing,
    note: license.note,
    firstActivatedAt: license.first_activated_at?.toISOString() ?? null,
    startsAt: license.starts_at?.toISOString() ?? null,
    version: license.version,
  } satisfies EventPayloads['license.changed.1'],
});

export const toSummary = (license: LicenseRow): LicenseSummary => ({
  licenseId: license.license_id,
  kind: license.kind,
  deviceCount: license.device_count,
});

/** Exactly one place at a time. [domain.md rule 1] */
export const placeOf = (license: LicenseRow): LicensePlace => {
  if (license.install_code !== null) return 'controller';
  return license.customer_id === null ? 'inventory' : 'customer';
};

/** What people see: standing first, then expiry on the controller, then the place. [domain.md rules 4, 7] */
const statusOf = (license: LicenseRow, { now, expiringWithinDays }: View): LicenseStatus => {
  if (license.standing !== 'good') return license.standing;
  if (license.install_code !== null) return licenseStatus({ expiresAt: license.expires_at, now, expiringWithinDays });
  return license.customer_id === null ? 'in_inventory' : 'assigned';
};

/** Why a license may not move or be split now, from its standing alone. */
export const standingRefusal = (license: LicenseRow): 'license_suspended' | 'license_revoked' | null => {
  if (license.standing === 'revoked') return 'license_revoked';
  return license.standing === 'suspended' ? 'license_suspended' : null;
};

/** The next state, of the next version. */
export const nextVersion = (license: LicenseRow, changes: Partial<LicenseRow>): LicenseRow => ({
  ...license,
  ...changes,
  version: license.version + 1,
});

/** Examples of the documentation. tsoa reads literals only, so that neither can be made of the other. */
export const licenseExample: License = {
  licenseId: '8d4c2a6e-5d0b-4f8e-9f43-2f6d7b1c9a10',
  kind: 'capacity',
  deviceCount: 1000,
  termYears: null,
  renews: null,
  partnerId: '0b5d3f57-36c7-4a3c-8f52-60d5f1a4b0c7',
  orderReference: 'PO-2022-0417',
  place: 'customer',
  status: 'assigned',
  customerId: '2133c667-af41-4518-94df-a2bb3b775330',
  installCode: null,
  activatedAt: null,
  startsAt: null,
  expiresAt: null,
  note: 'Building 1',
  createdAt: '2026-03-01T12:00:00.000Z',
  version: 2,
};

export const inventoryLicenseExample: License = {
  licenseId: '8d4c2a6e-5d0b-4f8e-9f43-2f6d7b1c9a10',
  kind: 'capacity',
  deviceCount: 1000,
  termYears: null,
  renews: null,
  partnerId: '0b5d3f57-36c7-4a3c-8f52-60d5f1a4b0c7',
  orderReference: 'PO-2022-0417',
  place: 'inventory',
  status: 'in_inventory',
  customerId: null,
  installCode: null,
  activatedAt: null,
  startsAt: null,
  expiresAt: null,
  note: '',
  createdAt: '2026-03-01T12:00:00.000Z',
  version: 1,
};

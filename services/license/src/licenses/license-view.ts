import type { EventPayloads, License, LicenseSummary } from '@smartserver/contracts';
import { type LicenseState, placeOf, statusOf } from './license.ts';

/** What the time of day and the configuration add to a license that is shown. */
export type View = { now: Date; expiringWithinDays: number };

/** A license as the API shows it. */
export const toLicense = (license: LicenseState, view: View): License => ({
  licenseId: license.licenseId,
  kind: license.kind,
  deviceCount: license.deviceCount,
  termYears: license.termYears,
  renews: license.renews,
  partnerId: license.partnerId,
  orderReference: license.orderReference,
  place: placeOf(license),
  status: statusOf(license, view.now, view.expiringWithinDays),
  customerId: license.customerId,
  installCode: license.controller?.installCode ?? null,
  activatedAt: license.controller?.activatedAt.toISOString() ?? null,
  startsAt: license.startsAt?.toISOString() ?? null,
  expiresAt: license.expiresAt?.toISOString() ?? null,
  note: license.note,
  createdAt: license.createdAt.toISOString(),
  version: license.version,
});

/** A license as the other services are told of it. */
export const toChanged = (license: LicenseState): EventPayloads['license.changed.1'] => ({
  licenseId: license.licenseId,
  partnerId: license.partnerId,
  customerId: license.customerId === null ? null : license.customerId,
  kind: license.kind,
  deviceCount: license.deviceCount,
  termYears: license.termYears,
  renews: license.renews === null ? null : license.renews,
  owner: license.customerId === null ? 'inventory' : 'customer',
  standing: license.standing,
  note: license.note,
  firstActivatedAt: license.firstActivatedAt?.toISOString() ?? null,
  startsAt: license.startsAt?.toISOString() ?? null,
  version: license.version,
});

export const toSummary = (license: LicenseState): LicenseSummary => ({
  licenseId: license.licenseId,
  kind: license.kind,
  deviceCount: license.deviceCount,
});

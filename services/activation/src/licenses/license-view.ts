import type { AvailableLicense, ControllerLicense, LicenseKind, LicenseStatus } from '@smartserver/contracts';
import { licenseStatus } from '@smartserver/rules';
import type { LicenseRow } from '../db.ts';
import { startOf } from './term.ts';

const KIND_NAMES: Readonly<Record<LicenseKind, string>> = {
  capacity: 'Device capacity',
  maintenance: 'Maintenance',
  core: 'Core',
  remote_cms: 'Remote CMS',
};

const counted = (count: number, one: string): string => `${count} ${one}${count === 1 ? '' : 's'}`;

/** A license in words, as the column Description of the Manage Licenses dialog shows it: "Maintenance, 1000 devices, 3 years". */
const describeLicense = (license: Pick<LicenseRow, 'kind' | 'device_count' | 'term_years'>): string => {
  const parts = [KIND_NAMES[license.kind], counted(license.device_count, 'device')];
  if (license.term_years !== null) parts.push(counted(license.term_years, 'year'));
  return parts.join(', ');
};

/** Standing first, then expiry [domain.md rule 7]. */
const statusOf = (license: LicenseRow, now: Date): LicenseStatus =>
  license.standing === 'good' ? licenseStatus({ expiresAt: license.expires_at, now }) : license.standing;

/** A row of the Manage Licenses table. */
export const toControllerLicense = (license: LicenseRow, segmentName: string, now: Date): ControllerLicense => {
  if (license.installed_on === null || license.activated_at === null) {
    throw new Error('the license is on no controller');
  }
  return {
    installCode: license.installed_on,
    segmentName,
    licenseId: license.license_id,
    description: describeLicense(license),
    kind: license.kind,
    deviceCount: license.device_count,
    status: statusOf(license, now),
    activatedAt: license.activated_at.toISOString(),
    startsAt: startOf(license)?.toISOString() ?? null,
    expiresAt: license.expires_at?.toISOString() ?? null,
    note: license.note,
  };
};

export const toAvailableLicense = (license: LicenseRow): AvailableLicense => ({
  licenseId: license.license_id,
  description: describeLicense(license),
  kind: license.kind,
  deviceCount: license.device_count,
  termYears: license.term_years,
  startsAt: startOf(license)?.toISOString() ?? null,
  expiresAt: license.expires_at?.toISOString() ?? null,
});

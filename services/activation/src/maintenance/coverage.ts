import { type Coverage, type CoverageLicense, normalizeInstallCode } from '@smartserver/contracts';
import { coverage, maintenanceState } from '@smartserver/rules';
import { type RequestContext, tenantOf } from '@smartserver/service-kit';
import type { Deps } from '../deps.ts';
import { startOf } from '../model/term.ts';
import { factsOf, type LicenseTerm, licensesOnController } from './maintenance.sql.ts';

/** Coverage of a controller as the API shows it (rule 8). @throws controller_not_found */
export const readCoverage = async ({ database, clock }: Deps, { actor }: RequestContext, code: string) => {
  const installCode = normalizeInstallCode(code);
  const licenses = await licensesOnController(database.kysely, installCode, tenantOf(actor));
  const now = clock.now();
  const { coveredUntil, ...facts } = coverage(factsOf(licenses), now);
  return {
    installCode,
    at: now.toISOString(),
    ...facts,
    coveredUntil: coveredUntil?.toISOString() ?? null,
    maintenance: licenses
      .flatMap((license) => toCoverageLicense(license, now))
      .sort((a, b) => (a.expiresAt + a.licenseId < b.expiresAt + b.licenseId ? -1 : 1)),
  };
};

const toCoverageLicense = (license: LicenseTerm, now: Date): CoverageLicense[] => {
  const { kind, license_id: licenseId, device_count: deviceCount, expires_at: expiresAt } = license;
  const startsAt = startOf(license);
  if (kind !== 'maintenance' || startsAt === null || expiresAt === null) return [];
  const state = maintenanceState({ startsAt, expiresAt, now });
  return [{ licenseId, deviceCount, startsAt: startsAt.toISOString(), expiresAt: expiresAt.toISOString(), state }];
};

export const coverageExample: Coverage = {
  installCode: '0302E1C2A8F40011',
  at: '2026-06-01T09:00:00.000Z',
  covered: true,
  capacityDevices: 1000,
  maintainedDevices: 1000,
  missingDevices: 0,
  coveredUntil: '2027-03-02T08:30:00.000Z',
  maintenance: [
    {
      licenseId: '5c8b6a51-0a4e-4d0c-9d0e-8a1f3a1d2b77',
      deviceCount: 1000,
      startsAt: '2026-03-02T08:30:00.000Z',
      expiresAt: '2027-03-02T08:30:00.000Z',
      state: 'active',
    },
  ],
};

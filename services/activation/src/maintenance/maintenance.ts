import type { Coverage, CoverageLicense, LicenseKind, ProblemItem } from '@smartserver/contracts';
import {
  coverage,
  type LicenseFacts,
  maintenanceState,
  parseVersion,
  type SmartServerVersion,
} from '@smartserver/rules';
import { startOf } from '../licenses/term.ts';

/** What the rules of maintenance have to know of a license in good standing. */
export type LicenseTerm = {
  license_id: string;
  kind: LicenseKind;
  device_count: number;
  term_years: number | null;
  first_activated_at: Date | null;
  starts_at: Date | null;
  expires_at: Date | null;
};

export const factsOf = (licenses: readonly LicenseTerm[]): LicenseFacts[] =>
  licenses.map((license) => ({
    kind: license.kind,
    deviceCount: license.device_count,
    startsAt: startOf(license),
    expiresAt: license.expires_at,
  }));

/** Coverage of a controller as the API shows it (rule 8). */
export const toCoverage = (installCode: string, licenses: readonly LicenseTerm[], now: Date): Coverage => {
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

/** The versions of an upgrade check, or what is wrong with them. */
export const versionsOf = (request: {
  fromVersion: string;
  toVersion: string;
}): { from: SmartServerVersion; to: SmartServerVersion } | ProblemItem[] => {
  const [from, to] = [parseVersion(request.fromVersion), parseVersion(request.toVersion)];
  if (from !== null && to !== null) return { from, to };
  return [...(from === null ? [unreadable('/fromVersion')] : []), ...(to === null ? [unreadable('/toVersion')] : [])];
};

const unreadable = (pointer: string): ProblemItem => ({
  pointer,
  code: 'wrong_format',
  detail: 'Write the version as the vendor does: 3.3, 3.3 Update 1 or, with a build, 4.40.012.',
});

/** Support is asked for by exactly one of the two. */
export const subjectOf = (query: {
  customerId?: string | undefined;
  installCode?: string | undefined;
}): { customerId: string } | { installCode: string } | ProblemItem[] => {
  const { customerId, installCode } = query;
  if (customerId !== undefined && installCode === undefined) return { customerId };
  if (installCode !== undefined && customerId === undefined) return { installCode };
  const code = installCode === undefined ? 'required' : 'not_allowed';
  const detail = 'Ask by `customerId` or by `installCode`: one of the two.';
  return ['query/customerId', 'query/installCode'].map((pointer) => ({ pointer, code, detail }));
};

import type { Coverage, CoverageLicense, UpgradeCheck } from '@smartserver/contracts';
import type { DocumentLicense } from '@smartserver/license-document';
import {
  coverage,
  type LicenseFacts,
  maintenanceState,
  type ReleaseClass,
  type SmartServerVersion,
  upgradeDecision,
} from '@smartserver/rules';

/** `startsAt` null: its term has begun, and the license document does not say when. */
export type OfflineCoverage = Omit<Coverage, 'maintenance'> & {
  maintenance: (Omit<CoverageLicense, 'startsAt'> & { startsAt: string | null })[];
};

/** Licenses that can be used here, and the time by which they are judged: `judgedTime`. */
type Here = { installCode: string; licenses: readonly DocumentLicense[]; at: Date };

/**
 * Whether this SmartServer may install a release, without network: what the cloud answers for the same licenses at the same time,
 * by the same rules. What the stored document does not know is the class of the release.
 */
export const offlineUpgradeCheck = (
  { installCode, licenses, at }: Here,
  question: {
    from: { text: string; version: SmartServerVersion };
    to: { text: string; version: SmartServerVersion };
    releaseClass: ReleaseClass | undefined;
  },
): UpgradeCheck => {
  const { allowed, reason, expiredAt, missingDevices } = upgradeDecision({
    from: question.from.version,
    to: question.to.version,
    toClass: question.releaseClass,
    licenses: factsOf(licenses),
    at,
  });
  return {
    installCode,
    fromVersion: question.from.text,
    toVersion: question.to.text,
    checkedAt: at.toISOString(),
    allowed,
    reason,
    expiredAt: expiredAt?.toISOString() ?? null,
    missingDevices,
  };
};

/** Whether the maintenance on this SmartServer covers its capacity, without network. */
export const offlineCoverage = ({ installCode, licenses, at }: Here): OfflineCoverage => {
  const { coveredUntil, ...facts } = coverage(factsOf(licenses), at);
  const maintenance = licenses
    .flatMap(({ kind, licenseId, deviceCount, startsAt = null, expiresAt }) => {
      if (kind !== 'maintenance' || expiresAt === null) return [];
      const state = maintenanceState({ startsAt: dateOf(startsAt), expiresAt: new Date(expiresAt), now: at });
      return [{ licenseId, deviceCount, startsAt, expiresAt, state }];
    })
    .sort(
      (one, other) =>
        Date.parse(one.expiresAt) - Date.parse(other.expiresAt) || (one.licenseId < other.licenseId ? -1 : 1),
    );
  return {
    installCode,
    at: at.toISOString(),
    ...facts,
    coveredUntil: coveredUntil?.toISOString() ?? null,
    maintenance,
  };
};

const factsOf = (licenses: readonly DocumentLicense[]): LicenseFacts[] =>
  licenses.map(({ kind, deviceCount, startsAt = null, expiresAt }) => {
    return { kind, deviceCount, startsAt: dateOf(startsAt), expiresAt: dateOf(expiresAt) };
  });

const dateOf = (instant: string | null) => (instant === null ? null : new Date(instant));

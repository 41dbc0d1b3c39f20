import { coverage } from './coverage.ts';
import { isInForce, type LicenseFacts, maintenanceOf } from './maintenance.ts';
import { requireInstant } from './terms.ts';
import { compareVersions, type SmartServerVersion } from './versions.ts';

/** Class of a release in the catalogue. */
export type ReleaseClass = 'major' | 'minor' | 'update' | 'platform';

export type UpgradeReason =
  | 'same_or_older'
  | 'license_free'
  | 'update'
  | 'covered'
  | 'no_maintenance'
  | 'maintenance_expired'
  | 'maintenance_insufficient'
  | 'not_covered';

/** A refusal is an answer. `expiredAt`: with `maintenance_expired`, since when. `missingDevices`: with `maintenance_insufficient`. */
export type UpgradeDecision = {
  allowed: boolean;
  reason: UpgradeReason;
  expiredAt: Date | null;
  missingDevices: number | null;
};

/** License management exists from this release on. [U][V] */
const firstLicensed: SmartServerVersion = { major: 3, minor: 3, update: 0, build: null };

/**
 * Whether a controller may install a release. [U][V] rule 9
 * @param question `from`, `to`: what runs and what is to be installed. `toClass`: its class in the catalogue; of it only
 *   `platform` counts, otherwise the versions decide. `licenses`: on the controller, in good standing. `at`: the instant of the
 *   install: maintenance counts then.
 * @throws RangeError for an invalid date, or maintenance without expiry
 */
export const upgradeDecision = (question: {
  from: SmartServerVersion;
  to: SmartServerVersion;
  toClass?: ReleaseClass | undefined;
  licenses: readonly LicenseFacts[];
  at: Date;
}): UpgradeDecision => {
  const { from, to, toClass, licenses, at } = question;
  requireInstant(at);
  const maintenance = maintenanceOf(licenses);
  if (compareVersions(to, from) <= 0) return allowed('same_or_older');
  if (compareVersions(to, firstLicensed) < 0) return allowed('license_free');
  if (toClass === 'platform') return refused('not_covered');
  if (to.major === from.major && to.minor === from.minor) return allowed('update');

  if (maintenance.some((term) => isInForce(term, at))) {
    const { covered, missingDevices } = coverage(licenses, at);
    return covered ? allowed('covered') : refused('maintenance_insufficient', { missingDevices });
  }
  const ended = maintenance.map(({ expiresAt }) => expiresAt.getTime()).filter((end) => end <= at.getTime());
  if (ended.length === 0) return refused('no_maintenance');
  return refused('maintenance_expired', { expiredAt: new Date(Math.max(...ended)) });
};

const allowed = (reason: UpgradeReason): UpgradeDecision => ({
  allowed: true,
  reason,
  expiredAt: null,
  missingDevices: null,
});

const refused = (
  reason: UpgradeReason,
  details: { expiredAt?: Date; missingDevices?: number } = {},
): UpgradeDecision => ({
  allowed: false,
  reason,
  expiredAt: details.expiredAt ?? null,
  missingDevices: details.missingDevices ?? null,
});

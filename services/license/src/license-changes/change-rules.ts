import type { EventPayloads, ProblemCode } from '@smartserver/contracts';
import { splitDeviceCounts } from '@smartserver/rules';
import { dateOf, earlier } from '../activation-moves/record-moves.ts';
import { type LicenseRow, nextVersion, placeOf, standingRefusal } from '../model/license.ts';
import type { ChangeCommand, LicenseChangeRow } from '../model/license-change.ts';

/**
 * Whether a change can begin: at once, for what lies in the inventory; once activation has granted a hold, for what a customer
 * has; or why not. [domain.md rules 4, 5]
 */
export const beginning = (
  license: LicenseRow,
  { kind, device_counts }: ChangeCommand,
  isPending: boolean,
): 'now' | 'ask' | ProblemCode => {
  const refusal = standingRefusal(license);
  if (refusal !== null) return refusal;
  if (isPending) return 'license_not_available';
  const place = placeOf(license);
  if (place === 'controller') return 'license_in_use';
  if (kind === 'take_back') return place === 'inventory' ? 'license_not_available' : 'ask';
  if (splitDeviceCounts(license.device_count, device_counts ?? []) !== 'ok') return 'split_mismatch';
  return place === 'inventory' ? 'now' : 'ask';
};

/** Activation's answer to a hold. */
type Hold = EventPayloads['hold.resolved.1'];

/**
 * Why a pending change does not happen after all; null: it happens. Of a license that changed since the hold was requested
 * activation may have released the hold meanwhile: the grant no longer holds.
 */
export const refusalOf = (license: LicenseRow, change: LicenseChangeRow, hold: Hold): ProblemCode | null => {
  if (!hold.granted) return hold.refusal ?? 'license_in_use';
  if (license.version === change.license_version) return null;
  return standingRefusal(license) ?? 'license_not_available';
};

/**
 * The license as activation vouches for it with a grant: on no controller, and with the first activation, whose event may not have
 * arrived yet. Moves that are still on their way are older, and no longer count.
 */
export const asGranted = (license: LicenseRow, hold: Hold): LicenseRow => ({
  ...license,
  install_code: null,
  activated_at: null,
  activation_version: Math.max(license.activation_version, hold.activationVersion),
  first_activated_at: earlier(license.first_activated_at, dateOf(hold.firstActivatedAt)),
  starts_at: license.starts_at ?? dateOf(hold.startsAt),
});

/**
 * The parts of a split: the license keeps its ID and the first count, each further count becomes a new license of the same
 * purchase, owner and term. A term that has begun goes on in every part. [domain.md rules 5, 6]
 * @param deviceCounts checked: they add up to the whole
 */
export const splitInto = (
  license: LicenseRow,
  deviceCounts: readonly number[],
  make: { ids: () => Pick<LicenseRow, 'row_id' | 'license_id'>; now: Date },
): LicenseRow[] => {
  const [first = license.device_count, ...rest] = deviceCounts;
  const parts = rest.map((device_count) => ({
    ...license,
    ...make.ids(),
    device_count,
    split_from: license.license_id,
    created_at: make.now,
    version: 1,
    install_code: null,
    activated_at: null,
    activation_version: 0,
  }));
  return [nextVersion(license, { device_count: first }), ...parts];
};

import type { LicenseChange, ProblemCode } from '@smartserver/contracts';
import { splitDeviceCounts } from '@smartserver/rules';
import { earlier } from '../activations/activation-move.ts';
import { type LicenseState, nextVersion, placeOf, standingRefusal } from '../licenses/license.ts';

/** What is to be done to one license. */
export type Wish = { kind: 'take_back' } | { kind: 'split'; deviceCounts: readonly number[] };

/** A take-back or split, from the request to its end. */
export type ChangeState = {
  changeId: string;
  partnerId: string;
  licenseId: string;
  wish: Wish;
  status: LicenseChange['status'];
  refusal: ProblemCode | null;
  outcome: LicenseChange['licenses'] | null;
  /** The version the hold is asked for. */
  licenseVersion: number;
  createdAt: Date;
};

/**
 * Whether a wish can be begun: at once, for what lies in the inventory; after activation has let go of it, for what a
 * customer has; or why not. [domain.md rules 4, 5]
 */
export const beginning = (license: LicenseState, wish: Wish, isPending: boolean): 'now' | 'ask' | ProblemCode => {
  const refusal = standingRefusal(license);
  if (refusal !== null) return refusal;
  if (isPending) return 'license_not_available';
  const place = placeOf(license);
  if (place === 'controller') return 'license_in_use';
  if (wish.kind === 'take_back') return place === 'inventory' ? 'license_not_available' : 'ask';
  if (splitDeviceCounts(license.deviceCount, wish.deviceCounts) !== 'ok') return 'split_mismatch';
  return place === 'inventory' ? 'now' : 'ask';
};

/** Activation's answer to a hold. */
export type HoldAnswer = {
  granted: boolean;
  refusal: ProblemCode | null;
  activationVersion: number;
  firstActivatedAt: Date | null;
  startsAt: Date | null;
};

/**
 * Why a pending change does not happen after all; null: it happens. A license that changed since the hold was asked for may
 * have been let go by activation meanwhile: the grant no longer holds.
 */
export const refusalOf = (license: LicenseState, change: ChangeState, answer: HoldAnswer): ProblemCode | null => {
  if (!answer.granted) return answer.refusal ?? 'license_in_use';
  if (license.version === change.licenseVersion) return null;
  return standingRefusal(license) ?? 'license_not_available';
};

/**
 * The license as activation vouches for it with a grant: on no controller, and with the first activation that its news may
 * not have told yet. Moves that are still on their way are older, and no longer count.
 */
export const asGranted = (license: LicenseState, answer: HoldAnswer): LicenseState => ({
  ...license,
  controller: null,
  activationVersion: Math.max(license.activationVersion, answer.activationVersion),
  firstActivatedAt: earlier(license.firstActivatedAt, answer.firstActivatedAt),
  startsAt: license.startsAt ?? answer.startsAt,
});

/** Back to the partner's inventory. [domain.md rule 4] */
export const takenBack = (license: LicenseState): LicenseState => nextVersion(license, { customerId: null });

/** Row and License IDs of a part that a split makes. */
export type PartIds = { rowId: string; licenseId: string };

/**
 * The parts of a split: the license keeps its ID and the first count, each further count becomes a new license of the same
 * purchase, owner and term. A term that has begun goes on in every part. [domain.md rules 5, 6]
 * @param deviceCounts checked: they add up to the whole
 */
export const splitInto = (
  license: LicenseState,
  deviceCounts: readonly number[],
  make: { ids: () => PartIds; now: Date },
): { kept: LicenseState; parts: LicenseState[] } => {
  const [first = license.deviceCount, ...rest] = deviceCounts;
  const parts = rest.map((deviceCount) => ({
    ...license,
    ...make.ids(),
    deviceCount,
    splitFrom: license.licenseId,
    createdAt: make.now,
    version: 1,
    controller: null,
    activationVersion: 0,
  }));
  return { kept: nextVersion(license, { deviceCount: first }), parts };
};

import type { LicenseState } from '../licenses/license.ts';

/** A move of a license onto a controller (`installCode`) or off it (null), as activation tells it. */
export type ActivationMove = {
  installCode: string | null;
  activatedAt: Date;
  startsAt: Date | null;
  expiresAt: Date | null;
  /** Counts the moves of this license on activation's side. */
  activationVersion: number;
};

/**
 * The license after news of a move. Only the latest move says where the license is, whatever the order in which they arrive;
 * every move tells of the first activation, from which the term counts. [domain.md rule 6]
 */
export const afterMove = (license: LicenseState, move: ActivationMove): LicenseState => {
  const firstActivatedAt = earlier(license.firstActivatedAt, move.activatedAt);
  // A term starts once; news of before does not tell when.
  const startsAt = license.startsAt ?? move.startsAt;
  if (move.activationVersion <= license.activationVersion) {
    return { ...license, firstActivatedAt, startsAt, expiresAt: license.expiresAt ?? move.expiresAt };
  }
  const { installCode, activatedAt, expiresAt, activationVersion } = move;
  const controller = installCode === null ? null : { installCode, activatedAt };
  return { ...license, controller, startsAt, expiresAt, activationVersion, firstActivatedAt };
};

/** The earlier of two instants of which either may be unknown. */
export const earlier = (a: Date | null, b: Date | null): Date | null => {
  if (a === null || b === null) return a ?? b;
  return a <= b ? a : b;
};

import type { License, OfflineActivation } from '../api/queries.ts';

/** What somebody can do with a license here. */
export type LicenseUse =
  /** Ready: a file can be made. */
  | { kind: 'can_create' }
  /** Ready, but Customer Success makes the file. */
  | { kind: 'customer_success' }
  /** A file placed it on a controller. */
  | { kind: 'offline'; activation: OfflineActivation }
  /** The controller downloaded it. */
  | { kind: 'online'; installCode: string | null }
  | { kind: 'suspended' }
  | { kind: 'revoked' }
  | { kind: 'unavailable' };

/**
 * Where a license is, and what follows from that. Activation knows of a move a moment before the license service does: what its
 * files say comes first.
 */
export const useOf = (license: License, activations: readonly OfflineActivation[]): LicenseUse => {
  const open = activations.find((activation) => activation.returnedAt === null);
  if (license.status === 'revoked') return { kind: 'revoked' };
  if (license.status === 'suspended') return { kind: 'suspended' };
  if (open) return { kind: 'offline', activation: open };
  if (isReturning(license, activations)) return createUse(license);
  if (license.place === 'controller') return { kind: 'online', installCode: license.installCode };
  return license.place === 'customer' ? createUse(license) : { kind: 'unavailable' };
};

/** Capacity is self-service; every other kind is Customer Success's. [domain.md, "offline activation file"] */
const createUse = (license: License): LicenseUse =>
  license.kind === 'capacity' ? { kind: 'can_create' } : { kind: 'customer_success' };

/** The file that put it where the license service sees it was returned, and that service has not heard of it yet. */
const isReturning = (license: License, activations: readonly OfflineActivation[]): boolean => {
  const { place, installCode, activatedAt } = license;
  if (place !== 'controller' || activatedAt === null) return false;
  return activations.some(
    (activation) =>
      activation.returnedAt !== null && activation.installCode === installCode && activation.returnedAt >= activatedAt,
  );
};

/** Whether the license service still has to hear of a move, so that it is worth to ask again soon. */
export const isMoving = (license: License, activations: readonly OfflineActivation[]): boolean => {
  const open = activations.find((activation) => activation.returnedAt === null);
  if (open) return license.place !== 'controller';
  return isReturning(license, activations);
};

import type { ProblemCode, ProblemItem } from '@smartserver/contracts';
import { type LicenseState, placeOf, standingRefusal } from '../licenses/license.ts';

/** Faults of a transfer, the one that decides about the answer first. */
const CODES = ['license_not_found', 'license_revoked', 'license_suspended', 'license_not_available'] as const;
type Code = (typeof CODES)[number];

const DETAILS: Record<Code, string> = {
  license_not_found: 'There is no such license.',
  license_revoked: 'The license is revoked.',
  license_suspended: 'The license is suspended.',
  license_not_available: 'The license is not in the inventory.',
};

/**
 * Why these licenses cannot all be transferred, with a place for each that cannot; null if they can. Only what lies in the
 * partner's inventory and is in good standing moves. [domain.md rules 4, 5]
 * @param found what there is of them, by License ID: a foreign license is not among them
 */
export const transferFaults = (
  licenseIds: readonly string[],
  found: ReadonlyMap<string, LicenseState>,
): { code: ProblemCode; errors: ProblemItem[] } | null => {
  const faults = licenseIds.flatMap((licenseId, index) => {
    const code = faultOf(found.get(licenseId));
    return code === null ? [] : [{ pointer: `/licenseIds/${index}`, code, detail: DETAILS[code] }];
  });
  const decisive = CODES.find((code) => faults.some((fault) => fault.code === code));
  return decisive === undefined ? null : { code: decisive, errors: faults };
};

const faultOf = (license: LicenseState | undefined): Code | null => {
  if (license === undefined) return 'license_not_found';
  return standingRefusal(license) ?? (placeOf(license) === 'inventory' ? null : 'license_not_available');
};

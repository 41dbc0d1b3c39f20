import { isInForce, type LicenseFacts, maintenanceOf } from './maintenance.ts';
import { requireInstant } from './terms.ts';

/**
 * Until when priority support is due for these licenses: while any maintenance is in force, of however many
 * devices. Renewals already dated that follow without a gap are included. [U]
 * @returns null when none is in force: no priority support
 * @throws RangeError for an invalid date, or maintenance without expiry
 */
export const supportUntil = (licenses: readonly LicenseFacts[], at: Date): Date | null => {
  requireInstant(at);
  // By start, one pass suffices: what begins before the end so far, or just then, may put it off.
  const terms = maintenanceOf(licenses)
    .filter(({ expiresAt }) => at < expiresAt)
    .sort((one, other) => (one.startsAt ?? at).getTime() - (other.startsAt ?? at).getTime());
  let until: Date | null = null;
  for (const term of terms) {
    const follows = until !== null && term.startsAt !== null && term.startsAt <= until;
    if (!follows && !isInForce(term, at)) continue;
    if (until === null || term.expiresAt > until) until = term.expiresAt;
  }
  return until === null ? null : new Date(until);
};

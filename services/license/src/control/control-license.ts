import type { License, LicenseStanding } from '@smartserver/contracts';
import { causeOf, change, problem, type RequestContext, tenantOf } from '@smartserver/service-kit';
import type { Deps } from '../deps.ts';
import { lockLicense } from '../model/license.sql.ts';
import { nextVersion, toLicense, viewOf } from '../model/license.ts';
import { recordLicenses } from '../model/record-licenses.ts';

/** What each command leads to, and what the history says of it. */
const COMMANDS = {
  suspend: { standing: 'suspended', event: 'suspended' },
  reinstate: { standing: 'good', event: 'reinstated' },
  revoke: { standing: 'revoked', event: 'revoked' },
} as const;

export type StandingCommand = keyof typeof COMMANDS;

/**
 * Customer Success's control over a license. Commands never wait for a pending change: their new version ends its hold, and the
 * change is refused.
 * @throws ProblemError license_not_found, license_revoked
 */
export const controlLicense = (
  deps: Deps,
  context: RequestContext,
  licenseId: string,
  command: StandingCommand,
  reason: string,
): Promise<License> =>
  change(deps, context, async (trx) => {
    const license = await lockLicense(trx, tenantOf(context.actor), licenseId);
    const standing = standingAfter(license.standing, command);
    if (standing === 'license_revoked') throw problem('license_revoked');
    if (standing === null) return toLicense(license, viewOf(deps));
    const controlled = nextVersion(license, { standing });
    const move = { event: COMMANDS[command].event, detail: reason };
    await recordLicenses(trx, deps, causeOf(context), [controlled], move);
    return toLicense(controlled, viewOf(deps));
  });

/**
 * The standing after a command; null: it is so already, and the command, repeated, changes nothing. `revoked` is final.
 * [domain.md rule 4]
 */
export const standingAfter = (
  before: LicenseStanding,
  command: StandingCommand,
): LicenseStanding | 'license_revoked' | null => {
  const { standing } = COMMANDS[command];
  if (before === standing) return null;
  return before === 'revoked' ? 'license_revoked' : standing;
};

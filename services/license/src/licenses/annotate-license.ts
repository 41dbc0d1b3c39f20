import type { License } from '@smartserver/contracts';
import { causeOf, change, problem, type RequestContext, tenantOf } from '@smartserver/service-kit';
import type { Deps } from '../deps.ts';
import { lockLicense } from '../model/license.sql.ts';
import { nextVersion, toLicense, viewOf } from '../model/license.ts';
import { hasPendingChange } from '../model/license-change.sql.ts';
import { recordLicenses } from '../model/record-licenses.ts';

/**
 * @param requireVersion throws unless the caller edits the version it has read
 * @throws ProblemError license_not_found, license_not_available, and what `requireVersion` throws
 */
export const annotateLicense = (
  deps: Deps,
  context: RequestContext,
  licenseId: string,
  note: string,
  requireVersion: (version: number) => void,
): Promise<License> =>
  change(deps, context, async (trx) => {
    const license = await lockLicense(trx, tenantOf(context.actor), licenseId);
    requireVersion(license.version);
    // A new version would end the hold that a pending change waits for.
    if (await hasPendingChange(trx, licenseId)) throw problem('license_not_available');
    const annotated = nextVersion(license, { note });
    await recordLicenses(trx, deps, causeOf(context), [annotated], null);
    return toLicense(annotated, viewOf(deps));
  });

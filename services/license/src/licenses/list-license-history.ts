import type { LicenseHistoryPage } from '@smartserver/contracts';
import { decodeCursor, type PageRequest, type RequestContext, tenantOf, toPage } from '@smartserver/service-kit';
import { sql } from 'kysely';
import type { Deps } from '../deps.ts';
import { toHistoryEntry } from '../model/history.ts';
import { findLicense } from '../model/license.sql.ts';
import { visibleHistory, visibleLicenses } from '../tenancy.ts';

/** Milliseconds of `at` and the id of the source: what a history is sorted by. */
const CURSOR = /^\d{1,15}_[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/**
 * Oldest first: by when it happened, not by when this service was notified of it.
 * @throws ProblemError license_not_found
 */
export const listLicenseHistory = async (
  { database }: Deps,
  context: RequestContext,
  licenseId: string,
  { limit, cursor }: PageRequest,
): Promise<LicenseHistoryPage> => {
  const tenant = tenantOf(context.actor);
  const after = decodeCursor(cursor, (key) => CURSOR.test(key));
  await findLicense(database.kysely, tenant, licenseId);
  let query = database.kysely
    .selectFrom('license_history')
    .innerJoin('licenses', 'licenses.license_id', 'license_history.license_id')
    .selectAll('license_history')
    .where('licenses.license_id', '=', licenseId)
    .where(visibleLicenses(tenant))
    .where(visibleHistory(tenant))
    .orderBy('license_history.at')
    .orderBy('license_history.source_id')
    .limit(limit + 1);
  if (after !== null) {
    const [milliseconds, sourceId] = after.split('_');
    const at = new Date(Number(milliseconds));
    query = query.where(sql<boolean>`(license_history.at, license_history.source_id) > (${at}, ${sourceId})`);
  }
  const page = toPage(await query.execute(), limit, (row) => `${row.at.getTime()}_${row.source_id}`);
  return { items: page.rows.map(toHistoryEntry), nextCursor: page.nextCursor };
};

import type { LicenseFacts } from '@smartserver/rules';
import { problem, type Tenant } from '@smartserver/service-kit';
import { sql } from 'kysely';
import type { Executor, LicenseRow } from '../model/tables.ts';
import { startOf, TERM_COLUMNS } from '../model/term.ts';
import { visibleControllers } from '../tenancy.ts';

const COLUMNS = ['license_id', 'kind', 'device_count', ...TERM_COLUMNS] as const;

/** What the rules of maintenance have to know of a license in good standing. */
export type LicenseTerm = Pick<LicenseRow, (typeof COLUMNS)[number]>;

export const factsOf = (licenses: readonly LicenseTerm[]): LicenseFacts[] =>
  licenses.map((license) => ({
    kind: license.kind,
    deviceCount: license.device_count,
    startsAt: startOf(license),
    expiresAt: license.expires_at,
  }));

/**
 * The licenses of good standing on a controller. One statement: they were there at one instant.
 * @throws controller_not_found
 */
export const licensesOnController = async (executor: Executor, installCode: string, tenant: Tenant) => {
  const rows = await executor
    .selectFrom('controllers')
    .leftJoin('licenses', (join) =>
      join
        .on('licenses.license_id', '=', sql<string>`any(controllers.license_ids)`)
        .on('licenses.standing', '=', 'good'),
    )
    .select(COLUMNS)
    .where('controllers.install_code', '=', installCode)
    .where(visibleControllers(tenant))
    .$narrowType<LicenseTerm>()
    .execute();
  if (rows.length === 0) throw problem('controller_not_found');
  // Null: nothing is on it.
  return rows.filter(({ license_id }) => license_id !== null);
};

/**
 * The maintenance of an account that has not expired, in good standing, wherever it is: a term that has begun runs on while the
 * license is back in the cloud.
 */
export const maintenanceOfAccount = (executor: Executor, customerId: string, now: Date): Promise<LicenseTerm[]> =>
  executor
    .selectFrom('licenses')
    .select(COLUMNS)
    .where('customer_id', '=', customerId)
    .where('kind', '=', 'maintenance')
    .where('standing', '=', 'good')
    .where('expires_at', '>', now)
    .execute();

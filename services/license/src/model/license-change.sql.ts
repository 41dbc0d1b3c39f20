import type { Tenant } from '@smartserver/service-kit';
import type { Kysely, Transaction } from 'kysely';
import { visibleChanges, visibleLicenses } from '../tenancy.ts';
import type { LicenseChangeRow } from './license-change.ts';
import type { LicenseTables } from './tables.ts';

/** A change whose license the actor sees. */
export const findChange = async (
  db: Kysely<LicenseTables>,
  tenant: Tenant,
  changeId: string,
): Promise<LicenseChangeRow | undefined> =>
  db
    .selectFrom('license_changes')
    .innerJoin('licenses', 'licenses.license_id', 'license_changes.license_id')
    .selectAll('license_changes')
    .where('change_id', '=', changeId)
    .where(visibleLicenses(tenant))
    .where(visibleChanges(tenant))
    .executeTakeFirst();

/** Call it with the license locked: no other transaction begins or ends a change of it then. */
export const hasPendingChange = async (trx: Transaction<LicenseTables>, licenseId: string): Promise<boolean> => {
  const row = await trx
    .selectFrom('license_changes')
    .select('change_id')
    .where('license_id', '=', licenseId)
    .where('status', '=', 'pending')
    .executeTakeFirst();
  return row !== undefined;
};

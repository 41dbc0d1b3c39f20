import { problem, type Tenant } from '@smartserver/service-kit';
import { type Kysely, sql, type Transaction } from 'kysely';
import { visibleLicenses } from '../tenancy.ts';
import { insertRows } from './insert-rows.sql.ts';
import { CHANGING_COLUMNS, type LicenseRow } from './license.ts';
import type { LicenseTables } from './tables.ts';

type Db = Kysely<LicenseTables>;
type Trx = Transaction<LicenseTables>;

/** The licenses that the actor sees. */
export const selectLicenses = (db: Db, tenant: Tenant) =>
  db.selectFrom('licenses').selectAll().where(visibleLicenses(tenant));

/** @throws ProblemError license_not_found */
export const findLicense = async (db: Db, tenant: Tenant, licenseId: string): Promise<LicenseRow> =>
  found(await selectLicenses(db, tenant).where('license_id', '=', licenseId).executeTakeFirst());

/** @throws ProblemError license_not_found */
export const lockLicense = async (trx: Trx, tenant: Tenant, licenseId: string): Promise<LicenseRow> =>
  found((await lockLicenses(trx, tenant, [licenseId])).get(licenseId));

const found = (license: LicenseRow | undefined): LicenseRow => {
  if (license === undefined) throw problem('license_not_found');
  return license;
};

/**
 * Locks what the actor sees of these licenses until the transaction ends. Always in the order of their ids: two transactions
 * that need the same licenses wait for each other instead of deadlocking.
 */
export const lockLicenses = async (
  trx: Trx,
  tenant: Tenant,
  licenseIds: readonly string[],
): Promise<Map<string, LicenseRow>> => {
  const rows = await selectLicenses(trx, tenant)
    .where('license_id', '=', sql<string>`any(${licenseIds})`)
    .orderBy('license_id')
    .forUpdate()
    .execute();
  return new Map(rows.map((row) => [row.license_id, row]));
};

/**
 * Writes new licenses, and the state of locked ones, in one statement.
 * @param licenses at least one, none of them twice
 */
export const writeLicenses = async (trx: Trx, licenses: readonly LicenseRow[]): Promise<void> => {
  const changes = CHANGING_COLUMNS.map((column) => sql`${sql.ref(column)} = ${sql.ref(`excluded.${column}`)}`);
  await sql`${insertRows('licenses', licenses)} on conflict (license_id) do update set ${sql.join(changes)}`.execute(
    trx,
  );
};

import { problem, type Tenant } from '@smartserver/service-kit';
import { type Kysely, type RawBuilder, sql, type Transaction } from 'kysely';
import { visibleLicenses } from '../tenancy.ts';
import type { LicenseHistoryRow } from './history.ts';
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

/**
 * A move that is known already, under the same source, is left as it is: its event may be delivered twice.
 * @param rows at least one
 */
export const insertHistory = async (trx: Trx, rows: readonly LicenseHistoryRow[]): Promise<void> => {
  await sql`${insertRows('license_history', rows)} on conflict (license_id, source_id) do nothing`.execute(trx);
};

/**
 * The beginning of a statement that inserts any number of rows, at least one and all with the same columns. They are one parameter:
 * a list of values has at most 65,535, which a batch of events may exceed.
 */
const insertRows = <T extends 'licenses' | 'license_history'>(
  table: T,
  rows: readonly LicenseTables[T][],
): RawBuilder<unknown> => {
  const columns = sql.join(Object.keys(rows[0] ?? {}).map((column) => sql.ref(column)));
  return sql`
    insert into ${sql.table(table)} (${columns})
    select ${columns} from jsonb_populate_recordset(null::${sql.table(table)}, ${JSON.stringify(rows)}::jsonb)`;
};

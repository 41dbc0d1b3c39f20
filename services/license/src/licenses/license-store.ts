import type { Tenant } from '@smartserver/service-kit';
import { type Insertable, type Kysely, type Selectable, sql, type Transaction } from 'kysely';
import type { LicensesTable, LicenseTables } from '../db.ts';
import { visibleLicenses } from '../tenancy.ts';
import type { LicenseState } from './license.ts';
import { type LicenseFilter, matching } from './license-filter.ts';

type Db = Kysely<LicenseTables>;
type Trx = Transaction<LicenseTables>;

export const findLicense = async (db: Db, tenant: Tenant, licenseId: string): Promise<LicenseState | null> => {
  const row = await licensesFor(db, tenant).where('license_id', '=', licenseId).executeTakeFirst();
  return row === undefined ? null : toState(row);
};

/** @param after row id of the last one seen */
type Page = { after: string | null; count: number };

/** Newest first: what comes in while a caller pages lands before the first page. */
export const listLicenses = async (
  db: Db,
  tenant: Tenant,
  filter: LicenseFilter,
  page: Page,
): Promise<LicenseState[]> => {
  let query = pageOf(licensesFor(db, tenant), page);
  for (const condition of matching(filter)) query = query.where(condition);
  return (await query.execute()).map(toState);
};

/** Everybody's, in the same order: for messages between services. */
export const listAllLicenses = async (db: Db, page: Page): Promise<LicenseState[]> => {
  const rows = await pageOf(licensesFor(db, { kind: 'everything' }), page).execute();
  return rows.map(toState);
};

/** Which of these the actor sees. */
export const visibleAmong = async (db: Db, tenant: Tenant, licenseIds: readonly string[]): Promise<Set<string>> => {
  const rows = await licensesFor(db, tenant)
    .clearSelect()
    .select('license_id')
    .where('license_id', '=', sql<string>`any(${licenseIds})`)
    .execute();
  return new Set(rows.map((row) => row.license_id));
};

/**
 * Locks what the actor sees of these licenses until the transaction ends. Always in the order of their ids: two transactions
 * that want the same licenses wait for each other instead of deadlocking.
 */
export const lockLicenses = async (
  trx: Trx,
  tenant: Tenant,
  licenseIds: readonly string[],
): Promise<Map<string, LicenseState>> => {
  const rows = await licensesFor(trx, tenant)
    .where('license_id', '=', sql<string>`any(${licenseIds})`)
    .orderBy('license_id')
    .forUpdate()
    .execute();
  return new Map(rows.map((row) => [row.license_id, toState(row)]));
};

export const lockLicense = async (trx: Trx, tenant: Tenant, licenseId: string): Promise<LicenseState | null> =>
  (await lockLicenses(trx, tenant, [licenseId])).get(licenseId) ?? null;

export const insertLicenses = async (trx: Trx, licenses: readonly LicenseState[]): Promise<void> => {
  await trx.insertInto('licenses').values(licenses.map(toRow)).execute();
};

/** Writes the whole state of a locked license. */
export const saveLicense = async (trx: Trx, license: LicenseState): Promise<void> => {
  await trx
    .updateTable('licenses')
    .set({
      device_count: license.deviceCount,
      customer_id: license.customerId,
      standing: license.standing,
      note: license.note,
      version: license.version,
      ...toProjection(license),
    })
    .where('license_id', '=', license.licenseId)
    .execute();
};

/**
 * What renews each of these licenses, a revoked renewal not counted. The parts of a split renewal are told as what they are,
 * several: their devices are still those of the whole.
 */
export const renewalsOf = async (
  trx: Trx,
  licenseIds: readonly string[],
): Promise<Map<string, { licenses: number; devices: number }>> => {
  const rows = await trx
    .selectFrom('licenses')
    .select(['renews', sql<number>`count(*)`.as('licenses'), sql<number>`sum(device_count)`.as('devices')])
    .where('renews', '=', sql<string>`any(${licenseIds})`)
    .where('standing', '<>', 'revoked')
    .groupBy('renews')
    .execute();
  return new Map(rows.flatMap(({ renews, ...sum }) => (renews === null ? [] : [[renews, sum] as const])));
};

const pageOf = (query: ReturnType<typeof licensesFor>, { after, count }: Page) => {
  const page = query.orderBy('row_id', 'desc').limit(count);
  return after === null ? page : page.where('row_id', '<', after);
};

const licensesFor = (db: Db, tenant: Tenant) => db.selectFrom('licenses').selectAll().where(visibleLicenses(tenant));

const toState = (row: Selectable<LicensesTable>): LicenseState => ({
  rowId: row.row_id,
  licenseId: row.license_id,
  partnerId: row.partner_id,
  orderId: row.order_id,
  orderReference: row.order_reference,
  kind: row.kind,
  deviceCount: row.device_count,
  termYears: row.term_years,
  renews: row.renews,
  splitFrom: row.split_from,
  customerId: row.customer_id,
  standing: row.standing,
  note: row.note,
  createdAt: row.created_at,
  version: row.version,
  controller:
    row.install_code === null || row.activated_at === null
      ? null
      : { installCode: row.install_code, activatedAt: row.activated_at },
  startsAt: row.starts_at,
  expiresAt: row.expires_at,
  firstActivatedAt: row.first_activated_at,
  activationVersion: row.activation_version,
});

const toProjection = (license: LicenseState) => ({
  install_code: license.controller?.installCode ?? null,
  activated_at: license.controller?.activatedAt ?? null,
  starts_at: license.startsAt,
  expires_at: license.expiresAt,
  first_activated_at: license.firstActivatedAt,
  activation_version: license.activationVersion,
});

const toRow = (license: LicenseState): Insertable<LicensesTable> => ({
  partner_id: license.partnerId,
  row_id: license.rowId,
  license_id: license.licenseId,
  order_id: license.orderId,
  order_reference: license.orderReference,
  kind: license.kind,
  device_count: license.deviceCount,
  term_years: license.termYears,
  renews: license.renews,
  split_from: license.splitFrom,
  customer_id: license.customerId,
  standing: license.standing,
  note: license.note,
  created_at: license.createdAt,
  version: license.version,
  ...toProjection(license),
});

import { type Expression, type SqlBool, sql } from 'kysely';
import type { Executor } from '../db.ts';
import type { LicenseTerm } from './maintenance.ts';

const COLUMNS = [
  'license_id',
  'kind',
  'device_count',
  'term_years',
  'first_activated_at',
  'starts_at',
  'expires_at',
] as const;

/**
 * The licenses of good standing on a controller. One statement: they were there at one instant.
 * @returns null when the caller sees no such controller
 */
export const licensesOnController = async (
  executor: Executor,
  installCode: string,
  visible: Expression<SqlBool>,
): Promise<LicenseTerm[] | null> => {
  const rows = await executor
    .selectFrom('controllers')
    .leftJoin('licenses', (join) =>
      join
        .on('licenses.license_id', '=', sql<string>`any(controllers.license_ids)`)
        .on('licenses.standing', '=', 'good'),
    )
    .select(COLUMNS)
    .where('controllers.install_code', '=', installCode)
    .where(visible)
    .execute();
  if (rows.length === 0) return null;
  return rows.flatMap(({ license_id, kind, device_count, ...term }) =>
    license_id === null || kind === null || device_count === null ? [] : [{ license_id, kind, device_count, ...term }],
  );
};

/** Whether the caller sees such an account. */
export const hasAccount = async (
  executor: Executor,
  customerId: string,
  visible: Expression<SqlBool>,
): Promise<boolean> => {
  const row = await executor
    .selectFrom('customers')
    .select('customer_id')
    .where('customer_id', '=', customerId)
    .where(visible)
    .executeTakeFirst();
  return row !== undefined;
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

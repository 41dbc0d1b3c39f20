import type { EventPayloads } from '@smartserver/contracts';
import { normalizeInstallCode } from '@smartserver/contracts';
import { type Expression, type SqlBool, sql } from 'kysely';
import type { ActivationTransaction, ControllerRow, Executor } from '../db.ts';

/** A controller with the sum of the device counts of the capacity on it. */
export type ControllerWithCapacity = ControllerRow & { device_capacity: number };

const capacity = sql<number>`(
  select coalesce(sum(l.device_count), 0)::bigint from licenses l
  where l.license_id = any(controllers.license_ids) and l.kind = 'capacity' and l.standing = 'good')`;

const withCapacity = (executor: Executor) =>
  executor.selectFrom('controllers').selectAll('controllers').select(capacity.as('device_capacity'));

export const findController = (
  executor: Executor,
  installCode: string,
  visible: Expression<SqlBool>,
): Promise<ControllerWithCapacity | undefined> =>
  withCapacity(executor).where('install_code', '=', installCode).where(visible).executeTakeFirst();

/** By install code, up to `limit` rows after the one given. */
export const listControllers = (
  executor: Executor,
  filter: { visible: Expression<SqlBool>; customerId?: string; after: string | null; limit: number },
): Promise<ControllerWithCapacity[]> =>
  withCapacity(executor)
    .where(filter.visible)
    .$if(filter.customerId !== undefined, (query) => query.where('customer_id', '=', filter.customerId ?? ''))
    .$if(filter.after !== null, (query) => query.where('install_code', '>', filter.after ?? ''))
    .orderBy('install_code')
    .limit(filter.limit)
    .execute();

/** Locks a controller, and with it the knowledge of what is on it. Lock controllers before licenses. */
export const lockController = (
  trx: ActivationTransaction,
  installCode: string,
  visible: Expression<SqlBool> = sql<SqlBool>`true`,
): Promise<ControllerRow | undefined> =>
  trx
    .selectFrom('controllers')
    .selectAll()
    .where('install_code', '=', installCode)
    .where(visible)
    .forNoKeyUpdate()
    .executeTakeFirst();

/**
 * What changes with each new license document of a controller.
 * @param known the greatest serial that the controller is known to have seen: it takes only greater ones
 */
export const nextDocument = (controller: ControllerRow, now: Date, known = 0) => ({
  serial: Math.max(controller.serial, known) + 1,
  version: controller.version + 1,
  // Never back, whatever a clock says: a document must not look older than the one it replaces.
  document_issued_at: now > controller.document_issued_at ? now : controller.document_issued_at,
});

/** Changes a locked controller. */
export const updateController = (
  trx: ActivationTransaction,
  installCode: string,
  changes: Partial<Omit<ControllerRow, 'install_code' | 'created_at'>>,
): Promise<ControllerRow> =>
  trx
    .updateTable('controllers')
    .set(changes)
    .where('install_code', '=', installCode)
    .returningAll()
    .executeTakeFirstOrThrow();

/** Payload of `controller.changed.1`. */
export const controllerChanged = (controller: ControllerRow): EventPayloads['controller.changed.1'] => ({
  installCode: normalizeInstallCode(controller.install_code),
  partnerId: controller.partner_id,
  customerId: controller.customer_id,
  deviceKey: controller.device_key,
  licenseCount: controller.license_ids.length,
  version: controller.version,
});

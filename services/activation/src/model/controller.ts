import type { Controller, EventPayloads } from '@smartserver/contracts';
import { type Cause, type NewEvent, recordEvent } from '@smartserver/service-kit';
import { type Expression, type SqlBool, sql } from 'kysely';
import type { StepDeps } from '../deps.ts';
import { everything } from '../tenancy.ts';
import type { ControllerRow, Executor, Trx } from './tables.ts';

/** Payload of `controller.changed.1`, from a row of `controllers`. */
export const controllerChangedSql = (c: string) => `jsonb_build_object(
  'installCode', ${c}.install_code, 'partnerId', ${c}.partner_id, 'customerId', ${c}.customer_id,
  'deviceKey', ${c}.device_key, 'licenseCount', cardinality(${c}.license_ids), 'version', ${c}.version)`;

type Changed = { changed: EventPayloads['controller.changed.1'] };

/** Of a statement that writes a controller. */
export const returningChanged = sql<Changed['changed']>`${sql.raw(controllerChangedSql('controllers'))}`.as('changed');

export const controllerChanged = ({ changed }: Changed): NewEvent<'controller.changed.1'> => ({
  type: 'controller.changed.1',
  data: changed,
});

/** Sum of the device counts. */
const capacity = sql<number>`(
  select coalesce(sum(l.device_count), 0)::bigint from licenses l
  where l.license_id = any(controllers.license_ids) and l.kind = 'capacity' and l.standing = 'good')`;

export const selectControllers = (executor: Executor) =>
  executor.selectFrom('controllers').selectAll('controllers').select(capacity.as('device_capacity'));

export type ControllerWithCapacity = ControllerRow & { device_capacity: number };

export const toController = (row: ControllerWithCapacity): Controller => ({
  installCode: row.install_code,
  partnerId: row.partner_id,
  customerId: row.customer_id,
  segmentName: row.segment_name,
  softwareVersion: row.software_version,
  enrolled: row.device_key !== null,
  licenseCount: row.license_ids.length,
  deviceCapacity: row.device_capacity,
  serial: row.serial,
  createdAt: row.created_at.toISOString(),
});

export const controllerExample: Controller = {
  installCode: '0302E1C2A8F40011',
  partnerId: '7b0a2c1e-3f44-4d43-8f0e-2f1f5e5f7a10',
  customerId: '2133c667-af41-4518-94df-a2bb3b775330',
  segmentName: 'Building 1',
  softwareVersion: '4.40.012',
  enrolled: true,
  licenseCount: 2,
  deviceCapacity: 1200,
  serial: 3,
  createdAt: '2026-03-02T08:00:00.000Z',
};

export const findController = (executor: Executor, installCode: string, visible: Expression<SqlBool>) =>
  selectControllers(executor).where('install_code', '=', installCode).where(visible).executeTakeFirst();

/** Locks a controller, and with it the knowledge of what is on it. Lock controllers before licenses. */
export const lockController = (trx: Trx, installCode: string, visible: Expression<SqlBool> = everything) =>
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
  // Never back, whatever a clock says: a document must not look older than the one it replaces.
  document_issued_at: now > controller.document_issued_at ? now : controller.document_issued_at,
});

/** Changes a locked controller to its next version. Record {@link controllerChanged} of the result. */
export const updateController = (
  trx: Trx,
  controller: ControllerRow,
  changes: Partial<Omit<ControllerRow, 'install_code' | 'created_at' | 'version'>>,
): Promise<ControllerRow & Changed> =>
  trx
    .updateTable('controllers')
    .set({ ...changes, version: controller.version + 1 })
    .where('install_code', '=', controller.install_code)
    .returningAll()
    .returning(returningChanged)
    .executeTakeFirstOrThrow();

/**
 * Gives a locked controller a document with a higher serial, although nothing was put on it or taken off.
 * @param why `known`: the greatest serial that the controller is known to have seen. `resignedFor`: issue time of the
 *   statement of revoked keys that makes the new document necessary
 */
export const renewDocument = async (
  trx: Trx,
  deps: StepDeps,
  cause: Cause,
  controller: ControllerRow,
  { known = 0, resignedFor }: { known?: number; resignedFor?: Date } = {},
): Promise<ControllerRow> => {
  const updated = await updateController(trx, controller, {
    ...nextDocument(controller, deps.clock.now(), known),
    ...(resignedFor === undefined ? {} : { resigned_for: resignedFor }),
  });
  await recordEvent(trx, deps, cause, controllerChanged(updated));
  return updated;
};

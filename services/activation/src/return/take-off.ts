import type { EventPayloads } from '@smartserver/contracts';
import { type Cause, recordEvents } from '@smartserver/service-kit';
import { sql } from 'kysely';
import type { StepDeps } from '../deps.ts';
import { controllerChanged, nextDocument, updateController } from '../model/controller.ts';
import { licensesMovedSql } from '../model/license.ts';
import type { ControllerRow, LicenseRow, Trx } from '../model/tables.ts';
import { startOf } from '../model/term.ts';

/**
 * Takes licenses off a controller and records the events: the one way back to the account, online and offline. Controller and
 * licenses are locked, and the licenses are on it.
 * @param known the greatest serial that the controller is known to have seen
 * @returns the controller with its new serial
 */
export const takeOff = async (
  trx: Trx,
  deps: StepDeps,
  cause: Cause,
  controller: ControllerRow,
  leaving: readonly LicenseRow[],
  known = 0,
): Promise<ControllerRow> => {
  const now = deps.clock.now();
  const gone = new Set(leaving.map((license) => license.license_id));
  const data = await endActivations(trx, controller, leaving, now);
  const updated = await updateController(trx, controller, {
    ...nextDocument(controller, now, known),
    license_ids: controller.license_ids.filter((id) => !gone.has(id)),
  });
  await recordEvents(trx, deps, cause, [{ type: 'licenses.returned.1', data }, controllerChanged(updated)]);
  return updated;
};

/** @returns payload of `licenses.returned.1`, which names the activations that have ended */
const endActivations = async (
  trx: Trx,
  { install_code }: ControllerRow,
  leaving: readonly LicenseRow[],
  now: Date,
): Promise<EventPayloads['licenses.returned.1']> => {
  const ids = leaving.map((license) => license.license_id);
  const starts = leaving.map((license) => startOf(license)?.toISOString() ?? null);
  const { rows } = await sql<{ data: EventPayloads['licenses.returned.1'] }>`
    with leaving as (
      select l.license_id, l.kind, l.device_count, l.activation_id, l.activated_at, a.starts_at, l.expires_at,
        l.activation_version + 1 as activation_version, a.position
      from unnest(${ids}::uuid[], ${starts}::timestamptz[]) with ordinality as a (license_id, starts_at, position)
      join licenses l on l.license_id = a.license_id
    ), ended as (
      update activations set returned_at = ${now}
      where license_id = any(${ids}::uuid[]) and install_code = ${install_code} and returned_at is null
    ), freed as (
      update licenses set installed_on = null, activation_id = null, activated_at = null, returned_from = ${install_code},
        activation_version = activation_version + 1
      where license_id = any(${ids}::uuid[])
    )
    select ${sql.raw(licensesMovedSql('c', 'leaving'))} as data from controllers c where c.install_code = ${install_code}`.execute(
    trx,
  );
  if (rows[0] === undefined) throw new Error('a locked controller is gone');
  return rows[0].data;
};

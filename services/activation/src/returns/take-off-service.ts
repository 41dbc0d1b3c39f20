import { type Cause, type Clock, type Ids, recordEvent } from '@smartserver/service-kit';
import { controllerChanged, nextDocument, updateController } from '../controllers/controller-store.ts';
import type { ActivationTransaction, ControllerRow, LicenseRow } from '../db.ts';
import { closeActivations, licensesReturned } from './return-store.ts';

/**
 * Takes licenses off a controller, and tells: the one way back to the account, online and offline. Controller and licenses
 * are locked, and the licenses are on it.
 * @param known the greatest serial that the controller is known to have seen
 * @returns the controller with its new serial
 */
export const takeOff = async (
  trx: ActivationTransaction,
  deps: { clock: Clock; ids: Ids },
  cause: Cause,
  controller: ControllerRow,
  leaving: readonly LicenseRow[],
  known = 0,
): Promise<ControllerRow> => {
  const now = deps.clock.now();
  const gone = new Set(leaving.map((license) => license.license_id));
  await closeActivations(trx, controller.install_code, [...gone], now);
  const changed = await updateController(trx, controller.install_code, {
    ...nextDocument(controller, now, known),
    license_ids: controller.license_ids.filter((id) => !gone.has(id)),
  });
  const data = licensesReturned(controller, leaving);
  await recordEvent(trx, deps, cause, { type: 'licenses.returned.1', data });
  await recordEvent(trx, deps, cause, { type: 'controller.changed.1', data: controllerChanged(changed) });
  return changed;
};

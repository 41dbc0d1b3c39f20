import { type ControllerPage, normalizeInstallCode } from '@smartserver/contracts';
import {
  causeOf,
  listPage,
  type PageRequest,
  problem,
  type RequestContext,
  recordEvent,
  tenantOf,
} from '@smartserver/service-kit';
import type { Deps } from '../deps.ts';
import { changeLocked, WITHOUT_KEY } from '../model/conflicts.ts';
import {
  controllerChanged,
  findController,
  lockController,
  selectControllers,
  toController,
  updateController,
} from '../model/controller.ts';
import { visibleControllers } from '../tenancy.ts';

export const listControllers = (
  deps: Deps,
  { actor }: RequestContext,
  customerId: string | undefined,
  page: PageRequest,
): Promise<ControllerPage> => {
  const visible = selectControllers(deps.database.kysely)
    .where(visibleControllers(tenantOf(actor)))
    .$if(customerId !== undefined, (query) => query.where('customer_id', '=', customerId ?? ''));
  return listPage(visible, page, { key: 'install_code', cursorKey: 'text' }, toController);
};

/** @throws controller_not_found */
export const getController = async (deps: Deps, { actor }: RequestContext, installCode: string) => {
  const visible = visibleControllers(tenantOf(actor));
  const row = await findController(deps.database.kysely, normalizeInstallCode(installCode), visible);
  if (row === undefined) throw problem('controller_not_found');
  return row;
};

/**
 * Forgets a lost device key: the next contact under the same account enrols a new one, licenses or not (rule 13).
 * @throws controller_not_found
 */
export const resetDeviceKey = (deps: Deps, context: RequestContext, installCode: string): Promise<void> =>
  changeLocked(deps, WITHOUT_KEY, async (trx) => {
    const visible = visibleControllers(tenantOf(context.actor));
    const controller = await lockController(trx, normalizeInstallCode(installCode), visible);
    if (controller === undefined) throw problem('controller_not_found');
    if (controller.device_key === null) return;
    const updated = await updateController(trx, controller, { device_key: null });
    await recordEvent(trx, deps, causeOf(context), controllerChanged(updated));
  });

import { type ControllerPage, normalizeInstallCode } from '@smartserver/contracts';
import {
  causeOf,
  decodeCursor,
  problem,
  type RequestContext,
  recordEvent,
  tenantOf,
  toPage,
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

export const listControllers = async (
  deps: Deps,
  { actor }: RequestContext,
  filter: { customerId: string | undefined; limit: number; cursor: string | undefined },
): Promise<ControllerPage> => {
  const { customerId, limit, cursor } = filter;
  const after = decodeCursor(cursor, 'text');
  const found = await selectControllers(deps.database.kysely)
    .where(visibleControllers(tenantOf(actor)))
    .$if(customerId !== undefined, (query) => query.where('customer_id', '=', customerId ?? ''))
    .$if(after !== null, (query) => query.where('install_code', '>', after ?? ''))
    .orderBy('install_code')
    .limit(limit + 1)
    .execute();
  const { rows, nextCursor } = toPage(found, limit, (row) => row.install_code);
  return { items: rows.map(toController), nextCursor };
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

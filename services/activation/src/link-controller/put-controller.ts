import { normalizeInstallCode, type PutControllerRequest } from '@smartserver/contracts';
import { causeOf, problem, type RequestContext, tenantOf } from '@smartserver/service-kit';
import type { Deps } from '../deps.ts';
import { changeLocked, WITHOUT_KEY } from '../model/conflicts.ts';
import { type ControllerWithCapacity, findController } from '../model/controller.ts';
import { deviceContact, visibleControllers, visibleCustomers } from '../tenancy.ts';
import { type LinkRequest, linkController } from './link.ts';

/**
 * Registers or describes a controller. A CMS does it for itself, which enrols its key; partners and Customer Success for
 * their customers, ahead of its first contact, with no key.
 * @param inspect called with a controller that exists already, before it is changed
 * @throws customer_not_found, controller_not_found, device_proof_invalid, controller_in_use
 */
export const putController = async (
  deps: Deps,
  context: RequestContext,
  installCode: string,
  body: PutControllerRequest,
  inspect: NonNullable<LinkRequest['inspect']>,
): Promise<ControllerWithCapacity> => {
  const request = { ...(await linkRequest(deps, context, installCode, body.customerId)), description: body, inspect };
  const row = await changeLocked(deps, WITHOUT_KEY, async (trx) => {
    const { install_code } = await linkController(trx, deps, causeOf(context), request);
    return findController(trx, install_code, visibleControllers(tenantOf(context.actor)));
  });
  if (row === undefined) throw problem('controller_not_found');
  return row;
};

const linkRequest = async (deps: Deps, { actor }: RequestContext, installCode: string, customerId: string) => {
  if (actor.kind === 'cms') {
    const contact = deviceContact(actor, installCode);
    if (contact.customerId !== customerId) throw problem('customer_not_found');
    return { contact };
  }
  const tenant = tenantOf(actor);
  const customers = deps.database.kysely.selectFrom('customers').select('partner_id');
  const query = customers.where('customer_id', '=', customerId).where(visibleCustomers(tenant));
  // The event of a customer that was made a moment ago may still be on its way.
  const customer = await deps.projections.waitFor(
    async () => (await query.executeTakeFirst()) ?? null,
    ['customer.changed.1'],
  );
  if (customer === null) throw problem('customer_not_found');
  const { partner_id: partnerId } = customer;
  const contact = { installCode: normalizeInstallCode(installCode), partnerId, customerId, deviceKey: null };
  return { contact, visible: visibleControllers(tenant) };
};

import type { NotificationSettings, PutNotificationSettingsRequest } from '@smartserver/contracts';
import { change, problem, type RequestContext, type Tenant, tenantOf } from '@smartserver/service-kit';
import type { Deps } from '../deps.ts';
import { type Customer, lockVisibleCustomer, selectVisibleCustomer } from '../model/customer.ts';
import { readSettings } from '../model/settings.sql.ts';
import { tidy, toNotificationSettings } from '../model/settings.ts';
import { liftBounces, listSilences } from '../model/silence.ts';
import { cancelUnwanted } from '../notices/cancel.ts';
import { dayOf } from '../notices/day.ts';
import { replanAccount } from '../notices/plan.ts';

/** @throws customer_not_found */
export const getSettings = async (
  deps: Deps,
  context: RequestContext,
  customerId: string,
): Promise<NotificationSettings> => {
  const { kysely } = deps.database;
  const customer = await requireCustomer(deps, tenantOf(context.actor), customerId);
  const settings = await readSettings(kysely, customer.customerId);
  return toNotificationSettings(customer.customerId, settings, await listSilences(kysely, customer));
};

/**
 * Notices that are due from now on follow the new settings; what is no longer wanted, and not sent yet, is cancelled.
 * @param requireVersion throws unless the edit was made on this version
 * @throws customer_not_found
 */
export const putSettings = async (
  deps: Deps,
  context: RequestContext,
  customerId: string,
  request: PutNotificationSettingsRequest,
  requireVersion: (version: number) => void,
): Promise<NotificationSettings> => {
  const tenant = tenantOf(context.actor);
  await requireCustomer(deps, tenant, customerId);
  return change(deps, context, async (trx) => {
    const customer = await lockVisibleCustomer(trx, tenant, customerId);
    const owner = { partner_id: customer.partnerId, customer_id: customer.customerId };
    const { version } = await readSettings(trx, customer.customerId);
    requireVersion(version);
    const settings = { ...tidy(request), version: version + 1 };
    await trx
      .insertInto('notification_settings')
      .values({ ...owner, ...settings })
      .onConflict((conflict) => conflict.column('customer_id').doUpdateSet(settings))
      .execute();
    const addresses = [...settings.recipients, ...customer.contacts.map(({ email }) => email)];
    await liftBounces(trx, customer.partnerId, addresses);
    await replanAccount(trx, customer.customerId, dayOf(deps.clock.now()));
    await cancelUnwanted(trx, customer.customerId);
    return toNotificationSettings(customer.customerId, settings, await listSilences(trx, customer));
  });
};

/** The event of a customer created a moment ago may still be on its way. */
const requireCustomer = async (deps: Deps, tenant: Tenant, customerId: string): Promise<Customer> => {
  const read = async () =>
    (await selectVisibleCustomer(deps.database.kysely, tenant, customerId).executeTakeFirst()) ?? null;
  const customer = await deps.projections.waitFor(read, ['customer.changed.1']);
  if (customer === null) throw problem('customer_not_found');
  return customer;
};

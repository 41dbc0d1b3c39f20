import type { CreateCustomerRequest, Customer, CustomerPage, UpdateCustomerRequest } from '@smartserver/contracts';
import { change, listPage, type PageRequest, problem, type RequestContext, tenantOf } from '@smartserver/service-kit';
import pg from 'pg';
import type { Deps } from '../deps.ts';
import { findCustomer, findPartner, lockCustomer, raiseVersion, recordCustomerChanged } from '../model/accounts.sql.ts';
import { customerNameKey, toCustomer } from '../model/customer.ts';
import { partnerOfNew, visibleCustomers } from '../tenancy.ts';

/** @throws partner_not_found, customer_name_taken */
export const createCustomer = (
  deps: Deps,
  context: RequestContext,
  request: CreateCustomerRequest,
): Promise<Customer> => {
  const tenant = tenantOf(context.actor);
  const partnerId = partnerOfNew(tenant, request.partnerId);
  return change(deps, context, async (trx) => {
    await findPartner(trx, tenant, partnerId);
    const customer = await trx
      .insertInto('customers')
      .values({
        customer_id: deps.ids.random(),
        partner_id: partnerId,
        row_id: deps.ids.ordered(),
        name: request.name.trim(),
        name_key: customerNameKey(request.name),
        created_at: deps.clock.now(),
      })
      // The second of two at the same time waits here for the first, and then gets nothing.
      .onConflict((conflict) => conflict.columns(['partner_id', 'name_key']).doNothing())
      .returningAll()
      .executeTakeFirst();
    if (customer === undefined) throw problem('customer_name_taken');
    await recordCustomerChanged(trx, deps, context, customer);
    return toCustomer(customer);
  });
};

/** @throws customer_not_found */
export const getCustomer = async (deps: Deps, context: RequestContext, customerId: string): Promise<Customer> =>
  toCustomer(await findCustomer(deps.database.kysely, tenantOf(context.actor), customerId));

const escapeLike = (text: string): string => text.replace(/[\\%_]/g, (character) => `\\${character}`);

/** @param name part of the name, in any case */
export const listCustomers = (
  deps: Deps,
  context: RequestContext,
  name: string | undefined,
  page: PageRequest,
): Promise<CustomerPage> => {
  const all = deps.database.kysely.selectFrom('customers').selectAll();
  const visible = all.where(visibleCustomers(tenantOf(context.actor)));
  const pattern = name === undefined ? null : `%${escapeLike(customerNameKey(name))}%`;
  const named = pattern === null ? visible : visible.where('name_key', 'like', pattern);
  return listPage(named, page, { key: 'row_id' }, toCustomer);
};

/**
 * @param requireVersion throws unless the edit was made on this version
 * @throws customer_not_found, customer_name_taken
 */
export const renameCustomer = (
  deps: Deps,
  context: RequestContext,
  customerId: string,
  request: UpdateCustomerRequest,
  requireVersion: (version: number) => void,
): Promise<Customer> =>
  change(deps, context, async (trx) => {
    const before = await lockCustomer(trx, tenantOf(context.actor), customerId);
    requireVersion(before.version);
    const name = { name: request.name.trim(), name_key: customerNameKey(request.name) };
    const customer = await raiseVersion(trx, customerId, name).catch((error: unknown) => {
      // Only the unique index can decide, because the other customer may get the name at the same moment.
      throw isNameTaken(error) ? problem('customer_name_taken') : error;
    });
    await recordCustomerChanged(trx, deps, context, customer);
    return toCustomer(customer);
  });

const isNameTaken = (error: unknown): boolean =>
  error instanceof pg.DatabaseError && error.constraint === 'customers_partner_id_name_key_key';

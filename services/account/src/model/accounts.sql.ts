import {
  type Clock,
  causeOf,
  type Ids,
  problem,
  type RequestContext,
  recordEvent,
  type Tenant,
} from '@smartserver/service-kit';
import { visibleCustomers, visiblePartners } from '../tenancy.ts';
import type { ContactRow } from './contact.ts';
import { type CustomerRow, customerChanged } from './customer.ts';
import type { PartnerRow } from './partner.ts';
import type { Db, Trx } from './tables.ts';
import { emailKey, type UserRow } from './user.ts';

/** @throws partner_not_found unless the tenant may see it */
export const findPartner = async (db: Db, tenant: Tenant, partnerId: string): Promise<PartnerRow> => {
  const query = db.selectFrom('partners').selectAll().where('partner_id', '=', partnerId);
  const row = await query.where(visiblePartners(tenant)).executeTakeFirst();
  if (row === undefined) throw problem('partner_not_found');
  return row;
};

/** All contacts of a customer, oldest first; they are few. The caller has found the customer, with the tenant filter, before. */
export const allContacts = (db: Db, customerId: string): Promise<ContactRow[]> =>
  db.selectFrom('contacts').selectAll().where('customer_id', '=', customerId).orderBy('contact_id').execute();

/** Publishes the full state of a customer with its contacts, in the transaction that changed it. */
export const recordCustomerChanged = async (
  trx: Trx,
  deps: { clock: Clock; ids: Ids },
  context: RequestContext,
  customer: CustomerRow,
): Promise<void> => {
  const data = customerChanged(customer, await allContacts(trx, customer.customer_id));
  await recordEvent(trx, deps, causeOf(context), { type: 'customer.changed.1', data });
};

const selectCustomer = (db: Db, tenant: Tenant, customerId: string) =>
  db.selectFrom('customers').selectAll().where(visibleCustomers(tenant)).where('customer_id', '=', customerId);

const found = (row: CustomerRow | undefined): CustomerRow => {
  if (row === undefined) throw problem('customer_not_found');
  return row;
};

/** @throws customer_not_found unless the tenant may see it */
export const findCustomer = async (db: Db, tenant: Tenant, customerId: string): Promise<CustomerRow> =>
  found(await selectCustomer(db, tenant, customerId).executeTakeFirst());

/** The same, locked until the transaction ends: every change of a customer or its contacts begins with it. */
export const lockCustomer = async (trx: Trx, tenant: Tenant, customerId: string): Promise<CustomerRow> =>
  found(await selectCustomer(trx, tenant, customerId).forUpdate().executeTakeFirst());

/** The next version of a customer, whose row the transaction has locked. */
export const raiseVersion = (
  trx: Trx,
  customerId: string,
  set: { name?: string; name_key?: string } = {},
): Promise<CustomerRow> =>
  trx
    .updateTable('customers')
    .set((eb) => ({ ...set, version: eb('version', '+', 1) }))
    .where('customer_id', '=', customerId)
    .returningAll()
    .executeTakeFirstOrThrow();

export const findUserByEmail = (db: Db, email: string): Promise<UserRow | undefined> =>
  db.selectFrom('users').selectAll().where('email_key', '=', emailKey(email)).executeTakeFirst();

export const findUser = (db: Db, userId: string): Promise<UserRow | undefined> =>
  db.selectFrom('users').selectAll().where('user_id', '=', userId).executeTakeFirst();

/** The same, locked until the transaction ends. */
export const lockUser = (trx: Trx, userId: string): Promise<UserRow | undefined> =>
  trx.selectFrom('users').selectAll().where('user_id', '=', userId).forUpdate().executeTakeFirst();

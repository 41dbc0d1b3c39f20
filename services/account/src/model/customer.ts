import type { Customer, EventPayloads } from '@smartserver/contracts';
import {
  type Clock,
  causeOf,
  type Ids,
  problem,
  type RequestContext,
  recordEvent,
  type Tenant,
} from '@smartserver/service-kit';
import type { Generated, Selectable } from 'kysely';
import { visibleCustomers } from '../tenancy.ts';
import { allContacts, type ContactRow } from './contact.ts';
import type { Db, Fixed, Trx } from './tables.ts';

export type CustomersTable = {
  customer_id: Fixed<string>;
  partner_id: Fixed<string>;
  row_id: Fixed<string>;
  name: string;
  name_key: string;
  version: Generated<number>;
  created_at: Fixed<Date>;
};

export type CustomerRow = Selectable<CustomersTable>;

/** What makes a customer name unique within its partner: case and surrounding space do not count. [domain.md, Words] */
export const customerNameKey = (name: string): string => name.trim().normalize('NFC').toLowerCase();

export const toCustomer = (row: CustomerRow): Customer => ({
  customerId: row.customer_id,
  partnerId: row.partner_id,
  name: row.name,
  createdAt: row.created_at.toISOString(),
  version: row.version,
});

export const customerExample: Customer = {
  customerId: '2133c667-af41-4518-94df-a2bb3b775330',
  partnerId: '0b5d3f57-36c7-4a3c-8f52-60d5f1a4b0c7',
  name: 'P2022-0208',
  createdAt: '2026-03-01T12:00:00.000Z',
  version: 1,
};

const customerChanged = (
  customer: CustomerRow,
  contacts: readonly ContactRow[],
): EventPayloads['customer.changed.1'] => ({
  customerId: customer.customer_id,
  partnerId: customer.partner_id,
  name: customer.name,
  contacts: contacts.map(({ email, name, language }) => ({ email, name, language })),
  version: customer.version,
});

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

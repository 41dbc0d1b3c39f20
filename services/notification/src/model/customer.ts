import type { EventEnvelope, EventPayloads } from '@smartserver/contracts';
import { problem, project, RetryLater, type Tenant } from '@smartserver/service-kit';
import { type Kysely, sql, type Transaction } from 'kysely';
import { visibleCustomers } from '../tenancy.ts';
import type { Tables } from './tables.ts';

export type Contact = Customer['contacts'][number];

export type Customer = Omit<EventPayloads['customer.changed.1'], 'version'>;

const COLUMNS = ['customer_id as customerId', 'partner_id as partnerId', 'name', 'contacts'] as const;

export const projectCustomers = (
  trx: Transaction<Tables>,
  events: readonly EventEnvelope<'customer.changed.1'>[],
): Promise<number> =>
  project(
    trx,
    'customers',
    { key: ['customer_id'] },
    events.map(({ data }) => ({
      customer_id: data.customerId,
      partner_id: data.partnerId,
      name: data.name,
      contacts: JSON.stringify(data.contacts),
      version: data.version,
    })),
  );

/**
 * The customers whose contacts are notified of events, by id.
 * @param needed `customerVersion`: the version that an event was made with; in a lower one a contact could be missing
 * @throws RetryLater when one has not arrived here in that version
 */
export const customersOfEvents = async (
  trx: Transaction<Tables>,
  needed: readonly { customerId: string; customerVersion?: number }[],
): Promise<(customerId: string) => Customer> => {
  const customerIds = [...new Set(needed.map(({ customerId }) => customerId))];
  const rows = await trx
    .selectFrom('customers')
    .select([...COLUMNS, 'version'])
    .where('customer_id', '=', sql<string>`any(${customerIds}::uuid[])`)
    .execute();
  const customers = new Map(rows.map((row) => [row.customerId, row]));
  const find = (customerId: string, version = 0): Customer => {
    const customer = customers.get(customerId);
    if (customer !== undefined && customer.version >= version) return customer;
    throw new RetryLater('the customer is not known here in the version needed');
  };
  for (const { customerId, customerVersion } of needed) find(customerId, customerVersion);
  return find;
};

/** A customer that the actor may see. */
export const selectVisibleCustomer = (db: Kysely<Tables>, tenant: Tenant, customerId: string) =>
  db.selectFrom('customers').select(COLUMNS).where('customer_id', '=', customerId).where(visibleCustomers(tenant));

/**
 * The same, locked until the transaction ends: its settings are changed by one transaction after the other.
 * @throws customer_not_found
 */
export const lockVisibleCustomer = async (
  trx: Transaction<Tables>,
  tenant: Tenant,
  customerId: string,
): Promise<Customer> => {
  const customer = await selectVisibleCustomer(trx, tenant, customerId).forNoKeyUpdate().executeTakeFirst();
  if (customer === undefined) throw problem('customer_not_found');
  return customer;
};

import type { EventPayloads } from '@smartserver/contracts';
import { RetryLater, type Tenant } from '@smartserver/service-kit';
import type { Kysely, Transaction } from 'kysely';
import type { Tables } from '../model/tables.ts';
import { visibleTo } from '../tenancy.ts';
import type { KnownCustomer } from './customer.ts';

/** Takes over the state of a customer; an older or equal version changes nothing, so the order of arrival does not matter. */
export const saveCustomer = async (
  trx: Transaction<Tables>,
  customer: EventPayloads['customer.changed.1'],
): Promise<void> => {
  await trx
    .insertInto('customers')
    .values({
      customer_id: customer.customerId,
      partner_id: customer.partnerId,
      name: customer.name,
      contacts: JSON.stringify(customer.contacts),
      version: customer.version,
    })
    .onConflict((conflict) =>
      conflict
        .column('customer_id')
        .doUpdateSet((eb) => ({
          partner_id: eb.ref('excluded.partner_id'),
          name: eb.ref('excluded.name'),
          contacts: eb.ref('excluded.contacts'),
          version: eb.ref('excluded.version'),
        }))
        .whereRef('customers.version', '<', 'excluded.version'),
    )
    .execute();
};

/**
 * @param minimumVersion the event's own knowledge of the customer: with less, a contact could be missed
 * @throws RetryLater when account's news has not arrived here, so that the event is delivered again later
 */
export const customerForMail = async (
  trx: Transaction<Tables>,
  customerId: string,
  minimumVersion = 0,
): Promise<KnownCustomer> => {
  const row = await trx.selectFrom('customers').selectAll().where('customer_id', '=', customerId).executeTakeFirst();
  if (!row || row.version < minimumVersion)
    throw new RetryLater('the customer is not known here in the version needed');
  return { customerId: row.customer_id, partnerId: row.partner_id, name: row.name, contacts: row.contacts };
};

/** A customer that the caller may see; null: there is none, for the caller. */
export const findVisibleCustomer = async (
  db: Kysely<Tables>,
  tenant: Tenant,
  customerId: string,
): Promise<KnownCustomer | null> => {
  const row = await visibleCustomer(db, tenant, customerId).executeTakeFirst();
  return row ?? null;
};

/** The same, held until the transaction ends: one change of its settings after the other. */
export const lockVisibleCustomer = async (
  trx: Transaction<Tables>,
  tenant: Tenant,
  customerId: string,
): Promise<KnownCustomer | null> => {
  const row = await visibleCustomer(trx, tenant, customerId).forNoKeyUpdate().executeTakeFirst();
  return row ?? null;
};

const visibleCustomer = (db: Kysely<Tables>, tenant: Tenant, customerId: string) =>
  db
    .selectFrom('customers')
    .select(['customer_id as customerId', 'partner_id as partnerId', 'name', 'contacts'])
    .where('customer_id', '=', customerId)
    .where(visibleTo(tenant, 'customers'));

import type { CreateCustomerRequest, Customer, CustomerPage, UpdateCustomerRequest } from '@smartserver/contracts';
import {
  type Clock,
  causeOf,
  change,
  type Database,
  decodeCursor,
  type Ids,
  problem,
  type RequestContext,
  recordEvent,
  tenantOf,
  toPage,
} from '@smartserver/service-kit';
import type { Transaction } from 'kysely';
import type { AccountTables, CustomerRow } from '../db.ts';
import type { PageRequest } from '../pages.ts';
import { findPartner } from '../partners/partner-store.ts';
import { partnerOfNew } from '../tenancy.ts';
import { allContacts } from './contact-store.ts';
import { toCustomer, toCustomerChanged } from './customer.ts';
import { findCustomer, insertCustomer, listCustomers, lockCustomer, renameCustomer } from './customer-store.ts';

export type CustomerDeps = {
  database: Database<AccountTables>;
  relay: { wake(): void };
  clock: Clock;
  ids: Ids;
};

/** Tells the other services the full state of a customer, in the transaction that changed it. */
export const tellCustomerChanged = async (
  trx: Transaction<AccountTables>,
  deps: Pick<CustomerDeps, 'clock' | 'ids'>,
  context: RequestContext,
  customer: CustomerRow,
): Promise<void> => {
  const contacts = await allContacts(trx, customer.customer_id);
  await recordEvent(trx, deps, causeOf(context), {
    type: 'customer.changed.1',
    data: toCustomerChanged(customer, contacts),
  });
};

/** Customers/projects: the licensing accounts of a partner. */
export class CustomerService {
  constructor(private readonly deps: CustomerDeps) {}

  /** @throws partner_not_found, customer_name_taken */
  create(request: CreateCustomerRequest, context: RequestContext): Promise<Customer> {
    const partnerId = partnerOfNew(tenantOf(context.actor), request.partnerId);
    return change(this.deps, context, async (trx) => {
      const partner = await findPartner(trx, context.actor, partnerId);
      if (partner === null) throw problem('partner_not_found');
      const customer = await insertCustomer(trx, {
        customerId: this.deps.ids.random(),
        rowId: this.deps.ids.ordered(),
        partnerId,
        name: request.name,
        createdAt: this.deps.clock.now(),
      });
      if (customer === null) throw problem('customer_name_taken');
      await tellCustomerChanged(trx, this.deps, context, customer);
      return toCustomer(customer);
    });
  }

  /** @throws customer_not_found */
  async get(customerId: string, context: RequestContext): Promise<Customer> {
    const row = await findCustomer(this.deps.database.kysely, context.actor, customerId);
    if (row === null) throw problem('customer_not_found');
    return toCustomer(row);
  }

  /** @param request.name part of the name, in any case */
  async list(request: PageRequest & { name: string | undefined }, context: RequestContext): Promise<CustomerPage> {
    const { name, limit } = request;
    const page = { name, limit, after: decodeCursor(request.cursor) };
    const found = await listCustomers(this.deps.database.kysely, context.actor, page);
    const { rows, nextCursor } = toPage(found, limit, (row) => row.row_id);
    return { items: rows.map(toCustomer), nextCursor };
  }

  /**
   * @param requireVersion throws unless the edit was made on this version
   * @throws customer_not_found, customer_name_taken
   */
  rename(
    customerId: string,
    request: UpdateCustomerRequest,
    requireVersion: (version: number) => void,
    context: RequestContext,
  ): Promise<Customer> {
    return change(this.deps, context, async (trx) => {
      const before = await lockCustomer(trx, context.actor, customerId);
      if (before === null) throw problem('customer_not_found');
      requireVersion(before.version);
      const customer = await renameCustomer(trx, customerId, request.name);
      if (customer === null) throw problem('customer_name_taken');
      await tellCustomerChanged(trx, this.deps, context, customer);
      return toCustomer(customer);
    });
  }
}

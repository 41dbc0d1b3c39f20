import type { Contact, ContactPage, CreateContactRequest } from '@smartserver/contracts';
import { change, decodeCursor, problem, type RequestContext, toPage } from '@smartserver/service-kit';
import type { PageRequest } from '../pages.ts';
import { allContacts, deleteContact, insertContact, listContacts } from './contact-store.ts';
import { MOST_CONTACTS, toContact } from './customer.ts';
import { type CustomerDeps, tellCustomerChanged } from './customer-service.ts';
import { findCustomer, lockCustomer, raiseVersion } from './customer-store.ts';

/** Contacts of a customer: they get its e-mails. A change of them is a change of the customer, with a new version. */
export class ContactService {
  constructor(private readonly deps: CustomerDeps) {}

  /** @throws customer_not_found, contact_exists, contact_limit_reached */
  create(customerId: string, request: CreateContactRequest, context: RequestContext): Promise<Contact> {
    return change(this.deps, context, async (trx) => {
      const customer = await lockCustomer(trx, context.actor, customerId);
      if (customer === null) throw problem('customer_not_found');
      const contact = await insertContact(trx, {
        contactId: this.deps.ids.ordered(),
        customerId,
        email: request.email,
        name: request.name,
        language: request.language ?? 'en',
        createdAt: this.deps.clock.now(),
      });
      if (contact === null) throw problem('contact_exists');
      const contacts = await allContacts(trx, customerId);
      if (contacts.length > MOST_CONTACTS) throw problem('contact_limit_reached');
      await tellCustomerChanged(trx, this.deps, context, await raiseVersion(trx, customerId));
      return toContact(contact);
    });
  }

  /** @throws customer_not_found */
  async list(customerId: string, request: PageRequest, context: RequestContext): Promise<ContactPage> {
    const { kysely } = this.deps.database;
    const page = { customerId, limit: request.limit, after: decodeCursor(request.cursor) };
    const customer = await findCustomer(kysely, context.actor, customerId);
    if (customer === null) throw problem('customer_not_found');
    const { rows, nextCursor } = toPage(await listContacts(kysely, page), request.limit, (row) => row.contact_id);
    return { items: rows.map(toContact), nextCursor };
  }

  /** @throws customer_not_found, contact_not_found */
  delete(customerId: string, contactId: string, context: RequestContext): Promise<void> {
    return change(this.deps, context, async (trx) => {
      const customer = await lockCustomer(trx, context.actor, customerId);
      if (customer === null) throw problem('customer_not_found');
      if (!(await deleteContact(trx, customerId, contactId))) throw problem('contact_not_found');
      await tellCustomerChanged(trx, this.deps, context, await raiseVersion(trx, customerId));
    });
  }
}

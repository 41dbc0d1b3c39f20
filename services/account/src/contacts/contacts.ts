import type { Contact, ContactPage, CreateContactRequest } from '@smartserver/contracts';
import { change, listPage, type PageRequest, problem, type RequestContext, tenantOf } from '@smartserver/service-kit';
import type { Deps } from '../deps.ts';
import { allContacts, findCustomer, lockCustomer, raiseVersion, recordCustomerChanged } from '../model/accounts.sql.ts';
import { toContact } from '../model/contact.ts';
import { emailKey } from '../model/user.ts';

/*
 * Contacts of a customer: they get its e-mails. A change of them is a change of the customer, with a new version. Statements on
 * contacts have no tenant filter: each function here has found the customer, with the filter, before.
 */

/** Contacts are part of every event of their customer, so there is an end to them. */
const MOST_CONTACTS = 50;

/** @throws customer_not_found, contact_exists, contact_limit_reached */
export const createContact = (
  deps: Deps,
  context: RequestContext,
  customerId: string,
  request: CreateContactRequest,
): Promise<Contact> =>
  change(deps, context, async (trx) => {
    await lockCustomer(trx, tenantOf(context.actor), customerId);
    const contact = await trx
      .insertInto('contacts')
      .values({
        contact_id: deps.ids.ordered(),
        customer_id: customerId,
        email: request.email.trim(),
        email_key: emailKey(request.email),
        name: request.name.trim(),
        language: request.language ?? 'en',
        created_at: deps.clock.now(),
      })
      .onConflict((conflict) => conflict.columns(['customer_id', 'email_key']).doNothing())
      .returningAll()
      .executeTakeFirst();
    if (contact === undefined) throw problem('contact_exists');
    const contacts = await allContacts(trx, customerId);
    if (contacts.length > MOST_CONTACTS) throw problem('contact_limit_reached');
    await recordCustomerChanged(trx, deps, context, await raiseVersion(trx, customerId));
    return toContact(contact);
  });

/** @throws customer_not_found */
export const listContacts = async (
  deps: Deps,
  context: RequestContext,
  customerId: string,
  page: PageRequest,
): Promise<ContactPage> => {
  const { kysely } = deps.database;
  await findCustomer(kysely, tenantOf(context.actor), customerId);
  const query = kysely.selectFrom('contacts').selectAll().where('customer_id', '=', customerId);
  return listPage(query, page, { key: 'contact_id' }, toContact);
};

/** @throws customer_not_found, contact_not_found */
export const deleteContact = (
  deps: Deps,
  context: RequestContext,
  customerId: string,
  contactId: string,
): Promise<void> =>
  change(deps, context, async (trx) => {
    await lockCustomer(trx, tenantOf(context.actor), customerId);
    const deleted = await trx
      .deleteFrom('contacts')
      .where('customer_id', '=', customerId)
      .where('contact_id', '=', contactId)
      .executeTakeFirst();
    if (deleted.numDeletedRows === 0n) throw problem('contact_not_found');
    await recordCustomerChanged(trx, deps, context, await raiseVersion(trx, customerId));
  });

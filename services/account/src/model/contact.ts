import type { Contact, Language } from '@smartserver/contracts';
import type { Selectable } from 'kysely';
import type { Db, Fixed } from './tables.ts';

export type ContactsTable = {
  contact_id: Fixed<string>;
  customer_id: Fixed<string>;
  email: string;
  email_key: string;
  name: string;
  language: Language;
  created_at: Fixed<Date>;
};

export type ContactRow = Selectable<ContactsTable>;

export const toContact = (row: ContactRow): Contact => ({
  contactId: row.contact_id,
  email: row.email,
  name: row.name,
  language: row.language,
  createdAt: row.created_at.toISOString(),
});

export const contactExample: Contact = {
  contactId: '01927f6e-2c1a-7a3e-9b58-2f6f0c6b6d11',
  email: 'facility@example.com',
  name: 'Facility management',
  language: 'en',
  createdAt: '2026-03-01T12:00:00.000Z',
};

/** All contacts of a customer, oldest first; they are few. The caller has found the customer, with the tenant filter, before. */
export const allContacts = (db: Db, customerId: string): Promise<ContactRow[]> =>
  db.selectFrom('contacts').selectAll().where('customer_id', '=', customerId).orderBy('contact_id').execute();

/** An access token names the accounts it is for, and has to fit into a header. */
const MOST_ACCOUNTS = 200;

/** Customer IDs of the accounts that list an address as a contact, the newest contact first; of more than 200, those. */
export const accountsOfAddress = async (db: Db, key: string): Promise<string[]> => {
  const query = db.selectFrom('contacts').select('customer_id').where('email_key', '=', key);
  const rows = await query.orderBy('contact_id', 'desc').limit(MOST_ACCOUNTS).execute();
  return rows.map((row) => row.customer_id);
};

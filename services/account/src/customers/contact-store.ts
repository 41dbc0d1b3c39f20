import type { Language } from '@smartserver/contracts';
import { type Kysely, sql, type Transaction } from 'kysely';
import type { AccountTables, ContactRow } from '../db.ts';
import { emailKey } from '../users/user.ts';

type Db = Kysely<AccountTables>;
type Trx = Transaction<AccountTables>;

// No tenant filter here: every caller has found the customer, with the filter, before.

/** All contacts of a customer, oldest first; they are few. */
export const allContacts = (db: Db, customerId: string): Promise<ContactRow[]> =>
  db.selectFrom('contacts').selectAll().where('customer_id', '=', customerId).orderBy('contact_id').execute();

/** One page of a customer's contacts, and one row more. */
export const listContacts = (
  db: Db,
  { customerId, after, limit }: { customerId: string; after: string | null; limit: number },
): Promise<ContactRow[]> => {
  let query = db.selectFrom('contacts').selectAll().where('customer_id', '=', customerId);
  if (after !== null) query = query.where('contact_id', '>', after);
  return query
    .orderBy('contact_id')
    .limit(limit + 1)
    .execute();
};

export type NewContact = {
  contactId: string;
  customerId: string;
  email: string;
  name: string;
  language: Language;
  createdAt: Date;
};

/** @returns null when the customer has a contact with this address */
export const insertContact = async (trx: Trx, contact: NewContact): Promise<ContactRow | null> => {
  const row = await trx
    .insertInto('contacts')
    .values({
      contact_id: contact.contactId,
      customer_id: contact.customerId,
      email: contact.email.trim(),
      email_key: emailKey(contact.email),
      name: contact.name.trim(),
      language: contact.language,
      created_at: contact.createdAt,
    })
    .onConflict((conflict) => conflict.columns(['customer_id', 'email_key']).doNothing())
    .returningAll()
    .executeTakeFirst();
  return row ?? null;
};

/** @returns whether there was one */
export const deleteContact = async (trx: Trx, customerId: string, contactId: string): Promise<boolean> => {
  const result = await trx
    .deleteFrom('contacts')
    .where('customer_id', '=', customerId)
    .where('contact_id', '=', contactId)
    .executeTakeFirst();
  return result.numDeletedRows > 0n;
};

/** An access token names the accounts it is for, and has to fit into a header. */
const MOST_ACCOUNTS = 200;

/** Customer IDs of the accounts that list an address as a contact, the newest contact first; of more than 200, those. */
export const accountsOfAddress = async (db: Db, key: string): Promise<string[]> => {
  const query = db.selectFrom('contacts').select('customer_id').where('email_key', '=', key);
  const rows = await query.orderBy('contact_id', 'desc').limit(MOST_ACCOUNTS).execute();
  return rows.map((row) => row.customer_id);
};

export type Addressee = { email: string; language: Language };

/**
 * How an address is written to: as the partner who added it wrote it last, never as whoever asks now did. Always one row, so
 * that known and unknown addresses take the same time. @returns null for an unknown one
 */
export const findAddressee = async (db: Db, key: string): Promise<Addressee | null> => {
  const { rows } = await sql<{ email: string | null; language: Language | null }>`
    select contact.email, contact.language
    from (values (1)) as always left join lateral (
      select email, language from contacts where email_key = ${key} order by contact_id desc limit 1
    ) as contact on true`.execute(db);
  const { email = null, language = null } = rows[0] ?? {};
  return email === null || language === null ? null : { email, language };
};

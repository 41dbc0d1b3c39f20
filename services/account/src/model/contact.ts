import type { Contact, Language } from '@smartserver/contracts';
import type { Selectable } from 'kysely';
import type { Fixed } from './columns.ts';

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

import type { Contact, Customer, EventPayloads } from '@smartserver/contracts';

import type { ContactRow, CustomerRow } from '../db.ts';

/** Contacts travel with every event of their customer, so there is an end to them. */
export const MOST_CONTACTS = 50;

/** What makes a customer name unique within its partner: case and surrounding space do not count. [domain.md, Words] */
export const customerNameKey = (name: string): string => name.trim().normalize('NFC').toLowerCase();

export const toCustomer = (row: CustomerRow): Customer => ({
  customerId: row.customer_id,
  partnerId: row.partner_id,
  name: row.name,
  createdAt: row.created_at.toISOString(),
  version: row.version,
});

export const toContact = (row: ContactRow): Contact => ({
  contactId: row.contact_id,
  email: row.email,
  name: row.name,
  language: row.language,
  createdAt: row.created_at.toISOString(),
});

export const toCustomerChanged = (
  customer: CustomerRow,
  contacts: readonly ContactRow[],
): EventPayloads['customer.changed.1'] => ({
  customerId: customer.customer_id,
  partnerId: customer.partner_id,
  name: customer.name,
  contacts: contacts.map(({ email, name, language }) => ({ email, name, language })),
  version: customer.version,
});

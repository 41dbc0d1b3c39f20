import type { Customer, EventPayloads } from '@smartserver/contracts';
import type { Generated, Selectable } from 'kysely';
import type { Fixed } from './columns.ts';
import type { ContactRow } from './contact.ts';

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

export const customerChanged = (
  customer: CustomerRow,
  contacts: readonly ContactRow[],
): EventPayloads['customer.changed.1'] => ({
  customerId: customer.customer_id,
  partnerId: customer.partner_id,
  name: customer.name,
  contacts: contacts.map(({ email, name, language }) => ({ email, name, language })),
  version: customer.version,
});

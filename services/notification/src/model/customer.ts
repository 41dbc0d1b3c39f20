import type { ColumnType } from 'kysely';
import type { Contact } from '../customers/customer.ts';

export interface CustomersTable {
  customer_id: string;
  partner_id: string;
  name: string;
  contacts: ColumnType<Contact[], string, string>;
  version: number;
}

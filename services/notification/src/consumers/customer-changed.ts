import type { EventEnvelope } from '@smartserver/contracts';
import type { Transaction } from 'kysely';
import { saveCustomer } from '../customers/customer-store.ts';
import type { Tables } from '../model/tables.ts';
import { voidUnwanted } from '../notices/void-service.ts';

/** Keeps the projection of customers/projects and their contacts; who is one no longer is not told any more. */
export const onCustomerChanged = async (
  trx: Transaction<Tables>,
  event: EventEnvelope<'customer.changed.1'>,
): Promise<void> => {
  await saveCustomer(trx, event.data);
  await voidUnwanted(trx, event.data.customerId);
};

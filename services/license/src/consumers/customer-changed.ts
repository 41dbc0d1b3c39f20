import type { EventEnvelope } from '@smartserver/contracts';
import type { Transaction } from 'kysely';
import { keepCustomer } from '../accounts/account-store.ts';
import type { LicenseTables } from '../db.ts';

/** Transfers need to know whose a customer is. */
export const customerChanged = (
  trx: Transaction<LicenseTables>,
  event: EventEnvelope<'customer.changed.1'>,
): Promise<void> => keepCustomer(trx, event.data);

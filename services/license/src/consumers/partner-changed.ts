import type { EventEnvelope } from '@smartserver/contracts';
import type { Transaction } from 'kysely';
import { keepPartner } from '../accounts/account-store.ts';
import type { LicenseTables } from '../db.ts';

/** Orders need to know that their partner exists. */
export const partnerChanged = (
  trx: Transaction<LicenseTables>,
  event: EventEnvelope<'partner.changed.1'>,
): Promise<void> => keepPartner(trx, event.data);

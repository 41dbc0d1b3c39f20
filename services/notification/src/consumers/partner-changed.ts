import type { EventEnvelope } from '@smartserver/contracts';
import type { Transaction } from 'kysely';
import type { Tables } from '../model/tables.ts';
import { savePartner } from '../partners/partner-store.ts';

/** Keeps the projection of partners. */
export const onPartnerChanged = async (
  trx: Transaction<Tables>,
  event: EventEnvelope<'partner.changed.1'>,
): Promise<void> => {
  await savePartner(trx, event.data);
};

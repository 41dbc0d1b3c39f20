import type { EventEnvelope } from '@smartserver/contracts';
import type { Transaction } from 'kysely';
import type { Tables } from '../model/tables.ts';
import type { TermService } from '../terms/term-service.ts';

/** Keeps what is told of maintenance licenses; of other kinds nothing is. */
export const onLicenseChanged =
  (terms: TermService) =>
  async (trx: Transaction<Tables>, event: EventEnvelope<'license.changed.1'>): Promise<void> => {
    if (event.data.kind === 'maintenance') await terms.changed(trx, event);
  };

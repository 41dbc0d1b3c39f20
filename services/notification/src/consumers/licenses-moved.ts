import type { EventEnvelope } from '@smartserver/contracts';
import type { Transaction } from 'kysely';
import type { Tables } from '../model/tables.ts';
import type { TermService } from '../terms/term-service.ts';

/** Keeps where maintenance licenses are, and until when they last. */
export const onLicensesMoved =
  (terms: TermService) =>
  async (
    trx: Transaction<Tables>,
    event: EventEnvelope<'licenses.activated.1' | 'licenses.returned.1'>,
  ): Promise<void> => {
    const maintenance = event.data.licenses.filter((license) => license.kind === 'maintenance');
    if (maintenance.length > 0) await terms.moved(trx, event, maintenance);
  };

import type { EventEnvelope } from '@smartserver/contracts';
import type { Ids } from '@smartserver/service-kit';
import type { Transaction } from 'kysely';
import { recordMoves } from '../activations/activation-moves-service.ts';
import type { LicenseTables } from '../db.ts';

/** Licenses have left their controller. */
export const licensesReturned =
  (ids: Ids) =>
  (trx: Transaction<LicenseTables>, event: EventEnvelope<'licenses.returned.1'>): Promise<void> =>
    recordMoves(trx, ids, event);

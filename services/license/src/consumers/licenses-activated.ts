import type { EventEnvelope } from '@smartserver/contracts';
import type { Ids } from '@smartserver/service-kit';
import type { Transaction } from 'kysely';
import { recordMoves } from '../activations/activation-moves-service.ts';
import type { LicenseTables } from '../db.ts';

/** Licenses are on a controller now. */
export const licensesActivated =
  (ids: Ids) =>
  (trx: Transaction<LicenseTables>, event: EventEnvelope<'licenses.activated.1'>): Promise<void> =>
    recordMoves(trx, ids, event);

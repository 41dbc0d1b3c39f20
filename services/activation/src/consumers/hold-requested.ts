import type { EventEnvelope } from '@smartserver/contracts';
import type { Clock, Ids } from '@smartserver/service-kit';
import type { ActivationTransaction } from '../db.ts';
import { resolveHold } from '../holds/hold-service.ts';

/** License asks for a license; the answer commits together with the hold. */
export const holdRequested =
  (deps: { clock: Clock; ids: Ids }) =>
  (trx: ActivationTransaction, event: EventEnvelope<'hold.requested.1'>): Promise<void> =>
    resolveHold(trx, deps, { actor: event.actor, traceparent: event.traceparent }, event.data);

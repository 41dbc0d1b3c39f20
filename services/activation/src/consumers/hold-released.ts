import type { EventEnvelope } from '@smartserver/contracts';
import type { Clock } from '@smartserver/service-kit';
import type { ActivationTransaction } from '../db.ts';
import { releaseHold } from '../holds/hold-service.ts';

/** License does not need the license after all. */
export const holdReleased =
  (deps: { clock: Clock }) =>
  (trx: ActivationTransaction, event: EventEnvelope<'hold.released.1'>): Promise<void> =>
    releaseHold(trx, deps, event.data);

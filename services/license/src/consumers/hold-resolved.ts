import type { EventEnvelope } from '@smartserver/contracts';
import type { Transaction } from 'kysely';
import { type SettleDeps, settleChange } from '../changes/settle-change-service.ts';
import type { LicenseTables } from '../db.ts';

/** Activation has let go of a license, or has not. */
export const holdResolved =
  (deps: SettleDeps) =>
  async (trx: Transaction<LicenseTables>, event: EventEnvelope<'hold.resolved.1'>): Promise<void> => {
    const { granted, refusal, activationVersion, firstActivatedAt, startsAt } = event.data;
    await settleChange(trx, deps, { actor: event.actor, traceparent: event.traceparent }, event.data, {
      granted,
      refusal,
      activationVersion,
      firstActivatedAt: firstActivatedAt === null ? null : new Date(firstActivatedAt),
      startsAt: startsAt ? new Date(startsAt) : null,
    });
  };

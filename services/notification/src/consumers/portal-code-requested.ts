import type { EventEnvelope } from '@smartserver/contracts';
import type { Clock } from '@smartserver/service-kit';
import type { Transaction } from 'kysely';
import type { Tables } from '../model/tables.ts';
import { insertSignIn } from '../sign-ins/sign-in-store.ts';

/** Has a sign-in code sent, unless it has expired on its way. */
export const onPortalCodeRequested =
  ({ clock }: { clock: Clock }) =>
  async (trx: Transaction<Tables>, event: EventEnvelope<'portal-code.requested.1'>): Promise<void> => {
    const now = clock.now();
    if (new Date(event.data.expiresAt) > now) await insertSignIn(trx, event, now);
  };

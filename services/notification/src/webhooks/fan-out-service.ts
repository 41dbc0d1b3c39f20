import type { Clock, Ids } from '@smartserver/service-kit';
import type { Transaction } from 'kysely';
import type { Tables } from '../model/tables.ts';
import { insertMessages } from './message-store.ts';
import { type NewWebhook, payloadOf } from './webhook.ts';

export type FanOutDeps = { clock: Clock; ids: Ids };

/**
 * Has endpoints told: a message, and a delivery for each endpoint that wants it, in the transaction of whatever made it so. Where
 * nobody wants it nothing is kept. What was told already under the same key is left as it is.
 */
export const queueWebhooks = async (
  trx: Transaction<Tables>,
  { clock, ids }: FanOutDeps,
  webhooks: readonly NewWebhook[],
): Promise<void> => {
  if (webhooks.length === 0) return;
  const now = clock.now();
  const messages = webhooks.map(({ type, partnerId, data, dedupeKey, timestamp = now.toISOString() }) => ({
    messageId: ids.ordered(),
    type,
    partnerId,
    dedupeKey,
    payload: payloadOf(type, timestamp, data),
  }));
  await insertMessages(trx, messages, now);
};

/** The same for one. */
export const queueWebhook = (trx: Transaction<Tables>, deps: FanOutDeps, webhook: NewWebhook): Promise<void> =>
  queueWebhooks(trx, deps, [webhook]);

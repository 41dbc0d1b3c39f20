import type { WebhookDeliveryStatus } from '@smartserver/contracts';
import type { Kysely, Transaction } from 'kysely';
import type { Tables } from '../model/tables.ts';
import type { WebhookDeliveryRow } from '../model/webhook-delivery.ts';

type Db = Kysely<Tables>;
type Trx = Transaction<Tables>;

/** Of an endpoint that the caller was allowed to see. */
const deliveriesOf = (db: Db, endpointId: string) =>
  db
    .selectFrom('webhook_deliveries as delivery')
    .innerJoin('webhook_messages as message', 'message.message_id', 'delivery.message_id')
    .select([
      'delivery.message_id',
      'message.type',
      'delivery.status',
      'delivery.attempts',
      'delivery.response_status',
      'delivery.failure',
      'delivery.created_at',
      'delivery.next_attempt_at',
      'delivery.delivered_at',
    ])
    .where('delivery.endpoint_id', '=', endpointId);

/** One page, newest first, and one row more. */
export const findDeliveries = (
  db: Db,
  endpointId: string,
  { status, after, limit }: { status: WebhookDeliveryStatus | undefined; after: string | null; limit: number },
): Promise<WebhookDeliveryRow[]> => {
  let query = deliveriesOf(db, endpointId);
  if (status !== undefined) query = query.where('delivery.status', '=', status);
  if (after !== null) query = query.where('delivery.message_id', '<', after);
  return query
    .orderBy('delivery.message_id', 'desc')
    .limit(limit + 1)
    .execute();
};

/** With what was said. */
export const findDelivery = async (
  db: Db,
  endpointId: string,
  deliveryId: string,
): Promise<(WebhookDeliveryRow & { payload: string }) | null> =>
  (await deliveriesOf(db, endpointId)
    .select('message.payload')
    .where('delivery.message_id', '=', deliveryId)
    .executeTakeFirst()) ?? null;

/** Sends it once more, with all its retries before it. What is on its way at this moment is sent again, too. */
export const renewDelivery = async (trx: Trx, endpointId: string, deliveryId: string, now: Date): Promise<void> => {
  await trx
    .updateTable('webhook_deliveries')
    .set({ status: 'pending', failures: 0, next_attempt_at: now, delivered_at: null })
    .where('endpoint_id', '=', endpointId)
    .where('message_id', '=', deliveryId)
    .execute();
};

/** A message to one endpoint alone. */
export const insertTest = async (
  trx: Trx,
  { endpointId, messageId, payload }: { endpointId: string; messageId: string; payload: string },
  now: Date,
): Promise<void> => {
  const message = { message_id: messageId, payload, type: 'test' as const, dedupe_key: `test ${messageId}` };
  await trx
    .insertInto('webhook_messages')
    .values({ ...message, created_at: now })
    .execute();
  await trx
    .insertInto('webhook_deliveries')
    .values({ endpoint_id: endpointId, message_id: messageId, next_attempt_at: now, created_at: now })
    .execute();
};

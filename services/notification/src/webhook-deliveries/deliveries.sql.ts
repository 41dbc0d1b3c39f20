import { problem } from '@smartserver/service-kit';
import type { Kysely } from 'kysely';
import type { Tables } from '../model/tables.ts';
import type { WebhookDeliveryRow } from '../model/webhook-delivery.ts';

type Db = Kysely<Tables>;

/** Of an endpoint that the caller was allowed to see. */
export const selectDeliveries = (db: Db, endpointId: string) =>
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

/**
 * With its payload.
 * @throws webhook_delivery_not_found
 */
export const readDelivery = (
  db: Db,
  endpointId: string,
  deliveryId: string,
): Promise<WebhookDeliveryRow & { payload: string }> =>
  selectDeliveries(db, endpointId)
    .select('message.payload')
    .where('delivery.message_id', '=', deliveryId)
    .executeTakeFirstOrThrow(() => problem('webhook_delivery_not_found'));

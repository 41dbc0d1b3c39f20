import type { WebhookDelivery, WebhookDeliveryStatus } from '@smartserver/contracts';
import type { Generated, Selectable } from 'kysely';
import { type WebhookMessagesTable, webhookIdOf } from './webhook-message.ts';

export interface WebhookDeliveriesTable {
  endpoint_id: string;
  message_id: string;
  status: Generated<WebhookDeliveryStatus>;
  /** How often it was taken for sending: also distinguishes one lease from the next. */
  attempts: Generated<number>;
  /** How many attempts have failed since it was asked for: where it is in the retry plan. */
  failures: Generated<number>;
  /** While it is being sent: when the lease ends. */
  next_attempt_at: Date;
  response_status: number | null;
  failure: string | null;
  created_at: Date;
  delivered_at: Date | null;
}

/** A delivery as its list shows it. Of one endpoint each message has one, so that the message's id is the delivery's, too. */
export type WebhookDeliveryRow = Omit<Selectable<WebhookDeliveriesTable>, 'endpoint_id' | 'failures'> &
  Pick<WebhookMessagesTable, 'type'>;

export const toDelivery = (row: WebhookDeliveryRow): WebhookDelivery => ({
  deliveryId: row.message_id,
  messageId: webhookIdOf(row.message_id),
  eventType: row.type,
  status: row.status,
  attempts: row.attempts,
  responseStatus: row.response_status,
  failure: row.failure,
  createdAt: row.created_at.toISOString(),
  nextAttemptAt: row.status === 'pending' ? row.next_attempt_at.toISOString() : null,
  deliveredAt: row.delivered_at?.toISOString() ?? null,
});

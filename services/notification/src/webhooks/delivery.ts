import type { WebhookDelivery, WebhookDeliveryStatus, WebhookEventType } from '@smartserver/contracts';
import { webhookIdOf } from './webhook.ts';

/** A delivery as its list shows it. Of one endpoint, each message has one, and lends it its id. */
export type DeliveryRow = {
  message_id: string;
  type: WebhookEventType | 'test';
  status: WebhookDeliveryStatus;
  attempts: number;
  response_status: number | null;
  failure: string | null;
  created_at: Date;
  next_attempt_at: Date;
  delivered_at: Date | null;
};

export const toDelivery = (row: DeliveryRow): WebhookDelivery => ({
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

import type { WebhookDeliveryStatus } from '@smartserver/contracts';
import type { Generated } from 'kysely';

export interface WebhookDeliveriesTable {
  endpoint_id: string;
  message_id: string;
  status: Generated<WebhookDeliveryStatus>;
  attempts: Generated<number>;
  failures: Generated<number>;
  next_attempt_at: Date;
  response_status: number | null;
  failure: string | null;
  created_at: Date;
  delivered_at: Date | null;
}

import type { WebhookEndpoint, WebhookEventType } from '@smartserver/contracts';
import type { Generated, Selectable } from 'kysely';

export interface WebhookEndpointsTable {
  /** UUIDv7: the order of lists. */
  endpoint_id: string;
  /** Null: Customer Success's own. */
  partner_id: string | null;
  url: string;
  description: string;
  event_types: WebhookEventType[];
  notify_email: string | null;
  enabled: Generated<boolean>;
  disabled_reason: WebhookEndpoint['disabledReason'];
  sealed_secret: string;
  secret_created_at: Date;
  previous_sealed_secret: string | null;
  previous_secret_expires_at: Date | null;
  failing_since: Date | null;
  failed_attempts: Generated<number>;
  version: Generated<number>;
  created_at: Date;
}

export type WebhookEndpointRow = Selectable<WebhookEndpointsTable>;

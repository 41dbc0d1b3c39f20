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

export const toEndpoint = (row: WebhookEndpointRow, now: Date): WebhookEndpoint => {
  const overlap = row.previous_secret_expires_at;
  return {
    endpointId: row.endpoint_id,
    partnerId: row.partner_id,
    url: row.url,
    description: row.description,
    eventTypes: row.event_types,
    notifyEmail: row.notify_email,
    status: statusOf(row),
    disabledReason: row.disabled_reason,
    createdAt: row.created_at.toISOString(),
    secretCreatedAt: row.secret_created_at.toISOString(),
    previousSecretExpiresAt: overlap !== null && overlap > now ? overlap.toISOString() : null,
    version: row.version,
  };
};

const statusOf = ({ enabled, failing_since }: WebhookEndpointRow): WebhookEndpoint['status'] => {
  if (!enabled) return 'disabled';
  return failing_since === null ? 'enabled' : 'failing';
};

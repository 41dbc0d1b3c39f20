import type { UpdateWebhookEndpointRequest, WebhookEndpoint } from '@smartserver/contracts';
import type { WebhookEndpointRow } from '../model/webhook-endpoint.ts';

/** Of one partner, or of Customer Success. */
export const MOST_ENDPOINTS = 20;

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

/** What an edit makes of an endpoint. Who switches it on again starts with a clean record. */
export const edited = (row: WebhookEndpointRow, request: UpdateWebhookEndpointRequest) => {
  const isBack = request.enabled && !row.enabled;
  return {
    url: request.url,
    description: request.description,
    event_types: request.eventTypes,
    notify_email: request.notifyEmail ?? null,
    enabled: request.enabled,
    disabled_reason: request.enabled ? null : (row.disabled_reason ?? 'owner'),
    ...(isBack ? { failing_since: null, failed_attempts: 0 } : {}),
    version: row.version + 1,
  };
};

import type { Instant, Uuid } from './common.ts';
import type { EventType } from './events.ts';

/**
 * What a webhook may be about: type as its receivers see it → event that it is made of. `maintenance.*` come from the notices,
 * `test` from whoever asks for it.
 */
export const WEBHOOK_EVENTS = {
  'license.changed': 'license.changed.1',
  'licenses.transferred': 'licenses.transferred.1',
  'licenses.activated': 'licenses.activated.1',
  'licenses.returned': 'licenses.returned.1',
  'customer.changed': 'customer.changed.1',
  'controller.relinked': 'controller.relinked.1',
} as const satisfies Record<string, EventType>;

export type WebhookEventType =
  | 'license.changed'
  | 'licenses.transferred'
  | 'licenses.activated'
  | 'licenses.returned'
  | 'customer.changed'
  | 'controller.relinked'
  | 'maintenance.expiring'
  | 'maintenance.expired'
  | 'maintenance.renewed';

/**
 * Where webhooks go: https, a public address.
 * @maxLength 2000
 * @pattern ^https?://
 * @example "https://integrator.example/hooks/smartserver"
 */
export type WebhookUrl = string;

export type CreateWebhookEndpointRequest = {
  url: WebhookUrl;
  /** @maxLength 200 */
  description?: string;
  /**
   * Types that are sent there; none: all, also those to come.
   * @maxItems 50
   * @uniqueItems true
   */
  eventTypes: WebhookEventType[];
  /** Needed when staff creates one for a partner; without it staff's own gets the events of all partners. */
  partnerId?: Uuid;
};

export type UpdateWebhookEndpointRequest = {
  url: WebhookUrl;
  /** @maxLength 200 */
  description: string;
  /**
   * @maxItems 50
   * @uniqueItems true
   */
  eventTypes: WebhookEventType[];
  enabled: boolean;
};

export type WebhookEndpoint = {
  endpointId: Uuid;
  /** Null: Customer Success's own. */
  partnerId: Uuid | null;
  url: string;
  description: string;
  eventTypes: WebhookEventType[];
  status: 'enabled' | 'disabled' | 'failing';
  /** Why it is disabled: by its owner, or because nothing has arrived for long. */
  disabledReason: 'owner' | 'failing' | null;
  createdAt: Instant;
  secretCreatedAt: Instant;
  /** The former secret signs as well until then. */
  previousSecretExpiresAt: Instant | null;
  /** @isInt */
  version: number;
};

export type WebhookEndpointWithSecret = WebhookEndpoint & {
  /** `whsec_…`, Standard Webhooks. Shown once. */
  secret: string;
};

export type WebhookEndpointPage = { items: WebhookEndpoint[]; nextCursor: string | null };

export type WebhookDeliveryStatus = 'pending' | 'delivered' | 'failed';

export type WebhookDelivery = {
  deliveryId: Uuid;
  /** The `webhook-id` header: the same at every attempt, so that receivers can tell repeats. */
  messageId: string;
  eventType: WebhookEventType | 'test';
  status: WebhookDeliveryStatus;
  /** @isInt */
  attempts: number;
  /** HTTP status of the last answer, if there was one. */
  responseStatus: number | null;
  /** Why the last attempt failed; null when all is well. */
  failure: string | null;
  createdAt: Instant;
  nextAttemptAt: Instant | null;
  deliveredAt: Instant | null;
};

export type WebhookDeliveryPage = { items: WebhookDelivery[]; nextCursor: string | null };

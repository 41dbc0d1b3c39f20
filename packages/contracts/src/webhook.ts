import type { EmailAddress } from './account.ts';
import type { Instant, Uuid } from './common.ts';
import type { EventType } from './events.ts';
import type { LicenseKind, LicenseStanding } from './license.ts';

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

/** State of a license, apart from the controller that it may be on. Of two, the one of the higher version is newer. */
export type LicenseChangedData = {
  licenseId: Uuid;
  partnerId: Uuid;
  /** Null: in the partner's inventory. */
  customerId: Uuid | null;
  kind: LicenseKind;
  /** @isInt */
  deviceCount: number;
  /** @isInt */
  termYears: number | null;
  renews: Uuid | null;
  standing: LicenseStanding;
  note: string;
  /** @isInt */
  version: number;
};

type LicenseOfTransfer = {
  licenseId: Uuid;
  kind: LicenseKind;
  /** @isInt */
  deviceCount: number;
};

export type LicensesTransferredData = {
  transferId: Uuid;
  partnerId: Uuid;
  customerId: Uuid;
  licenses: LicenseOfTransfer[];
};

type LicenseOnController = {
  licenseId: Uuid;
  kind: LicenseKind;
  /** @isInt */
  deviceCount: number;
  activatedAt: Instant;
  expiresAt: Instant | null;
};

export type LicensesActivatedData = {
  installCode: string;
  segmentName: string;
  partnerId: Uuid;
  customerId: Uuid;
  mode: 'online' | 'offline';
  licenses: LicenseOnController[];
};

export type LicensesReturnedData = {
  installCode: string;
  segmentName: string;
  partnerId: Uuid;
  customerId: Uuid;
  licenses: LicenseOnController[];
};

/** State of a customer/project; its contacts are at `/v1/customers/{customerId}/contacts`. Of two, the one of the higher version is newer. */
export type CustomerChangedData = {
  customerId: Uuid;
  partnerId: Uuid;
  name: string;
  /** @isInt */
  version: number;
};

/** Another device key or account took over a controller. Customers/projects of other partners are left out. */
export type ControllerRelinkedData = { installCode: string; partnerId: Uuid; customerIds: Uuid[] };

/** Maintenance on a controller that ends, or has ended. */
export type MaintenanceEndData = {
  licenseId: Uuid;
  partnerId: Uuid;
  customerId: Uuid;
  installCode: string;
  segmentName: string;
  /** @isInt */
  deviceCount: number;
  expiresAt: Instant;
};

/** Maintenance that goes on: `licenseId` is the renewal. */
export type MaintenanceRenewedData = {
  licenseId: Uuid;
  renews: Uuid;
  partnerId: Uuid;
  customerId: Uuid;
  installCode: string;
  segmentName: string;
  /** @isInt */
  deviceCount: number;
  startsAt: Instant;
  expiresAt: Instant;
};

/** What each type of webhook says, as its `data`. */
export type WebhookData = {
  'license.changed': LicenseChangedData;
  'licenses.transferred': LicensesTransferredData;
  'licenses.activated': LicensesActivatedData;
  'licenses.returned': LicensesReturnedData;
  'customer.changed': CustomerChangedData;
  'controller.relinked': ControllerRelinkedData;
  'maintenance.expiring': MaintenanceEndData;
  'maintenance.expired': MaintenanceEndData;
  'maintenance.renewed': MaintenanceRenewedData;
};

/**
 * The body of a webhook: `timestamp` is when it happened. Webhooks may come more than once (then with the same `webhook-id`) and
 * in any order.
 */
export type WebhookMessage =
  | { type: 'license.changed'; timestamp: Instant; data: LicenseChangedData }
  | { type: 'licenses.transferred'; timestamp: Instant; data: LicensesTransferredData }
  | { type: 'licenses.activated'; timestamp: Instant; data: LicensesActivatedData }
  | { type: 'licenses.returned'; timestamp: Instant; data: LicensesReturnedData }
  | { type: 'customer.changed'; timestamp: Instant; data: CustomerChangedData }
  | { type: 'controller.relinked'; timestamp: Instant; data: ControllerRelinkedData }
  | { type: 'maintenance.expiring'; timestamp: Instant; data: MaintenanceEndData }
  | { type: 'maintenance.expired'; timestamp: Instant; data: MaintenanceEndData }
  | { type: 'maintenance.renewed'; timestamp: Instant; data: MaintenanceRenewedData }
  | { type: 'test'; timestamp: Instant; data: { endpointId: Uuid } };

/**
 * Where webhooks go: https, a public address, port 443 or one from 1024 on.
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
  /** Is told when the endpoint is disabled because nothing arrives. */
  notifyEmail?: EmailAddress;
  /** Staff only: the partner that it is for. Without it, staff's own gets the events of all partners. */
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
  /** Is told when the endpoint is disabled because nothing arrives; absent: nobody. */
  notifyEmail?: EmailAddress;
  /** False: nothing is sent any more, and what was not delivered yet has failed. */
  enabled: boolean;
};

export type WebhookEndpoint = {
  endpointId: Uuid;
  /** Null: Customer Success's own. */
  partnerId: Uuid | null;
  url: string;
  description: string;
  eventTypes: WebhookEventType[];
  notifyEmail: string | null;
  /** `failing`: enabled, but the last attempt failed. */
  status: 'enabled' | 'disabled' | 'failing';
  /** Why it is disabled: by its owner; because nothing has arrived for long; because it answered 410 Gone. */
  disabledReason: 'owner' | 'failing' | 'gone' | null;
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
  /**
   * HTTP status of the last answer, if there was one.
   * @isInt
   */
  responseStatus: number | null;
  /** Why the last attempt failed; null when all is well. */
  failure: string | null;
  createdAt: Instant;
  nextAttemptAt: Instant | null;
  deliveredAt: Instant | null;
};

export type WebhookDeliveryPage = { items: WebhookDelivery[]; nextCursor: string | null };

export type WebhookDeliveryWithMessage = WebhookDelivery & { message: WebhookMessage };

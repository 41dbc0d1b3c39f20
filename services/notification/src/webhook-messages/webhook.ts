import type { EventEnvelope, Instant, WebhookData, WebhookEventType } from '@smartserver/contracts';

/** What the endpoints of a partner, and those of Customer Success, are notified of. */
export type NewWebhook<T extends WebhookEventType = WebhookEventType> = {
  [K in T]: {
    type: K;
    /** No other partner's endpoints are notified. */
    partnerId: string;
    /** What the public contract says of it, and no more. */
    data: WebhookData[K];
    /** Names what happened: queued again within 30 days under the same key, it is not sent again. */
    dedupeKey: string;
    /** When it happened; now, unless given. */
    timestamp?: Instant;
  };
}[T];

type Move = EventEnvelope<'licenses.activated.1' | 'licenses.returned.1'>['data'];

const common = ({ id, occurredAt }: EventEnvelope) => ({ dedupeKey: id, timestamp: occurredAt });

/** Field by field, so that what an event gains for our own use goes to nobody. */
const moved = ({ installCode, segmentName, partnerId, customerId, licenses }: Move) => ({
  installCode,
  segmentName,
  partnerId,
  customerId,
  licenses: licenses.map(({ licenseId, kind, deviceCount, activatedAt, expiresAt }) => ({
    licenseId,
    kind,
    deviceCount,
    activatedAt,
    expiresAt,
  })),
});

export const licenseChanged = (event: EventEnvelope<'license.changed.1'>): NewWebhook<'license.changed'> => {
  const { licenseId, partnerId, customerId, kind, deviceCount, termYears, renews, standing, note, version } =
    event.data;
  const data = { licenseId, partnerId, customerId, kind, deviceCount, termYears, renews, standing, note, version };
  return { type: 'license.changed', partnerId, data, ...common(event) };
};

export const licensesTransferred = (
  event: EventEnvelope<'licenses.transferred.1'>,
): NewWebhook<'licenses.transferred'> => {
  const { transferId, partnerId, customerId } = event.data;
  const licenses = event.data.licenses.map(({ licenseId, kind, deviceCount }) => ({ licenseId, kind, deviceCount }));
  const data = { transferId, partnerId, customerId, licenses };
  return { type: 'licenses.transferred', partnerId, data, ...common(event) };
};

export const licensesActivated = (event: EventEnvelope<'licenses.activated.1'>): NewWebhook<'licenses.activated'> => ({
  type: 'licenses.activated',
  partnerId: event.data.partnerId,
  data: { ...moved(event.data), mode: event.data.mode },
  ...common(event),
});

export const licensesReturned = (event: EventEnvelope<'licenses.returned.1'>): NewWebhook<'licenses.returned'> => ({
  type: 'licenses.returned',
  partnerId: event.data.partnerId,
  data: moved(event.data),
  ...common(event),
});

export const customerChanged = (event: EventEnvelope<'customer.changed.1'>): NewWebhook<'customer.changed'> => {
  const { customerId, partnerId, name, version } = event.data;
  return { type: 'customer.changed', partnerId, data: { customerId, partnerId, name, version }, ...common(event) };
};

/** One for each partner concerned, which learns of its own customers/projects only. */
export const controllerRelinked = (
  event: EventEnvelope<'controller.relinked.1'>,
  customers: readonly { customerId: string; partnerId: string }[],
): NewWebhook<'controller.relinked'>[] =>
  [...new Set(customers.map(({ partnerId }) => partnerId))].map((partnerId) => {
    const own = customers.filter((customer) => customer.partnerId === partnerId);
    const customerIds = own.map(({ customerId }) => customerId);
    const data = { installCode: event.data.installCode, partnerId, customerIds };
    return { type: 'controller.relinked', partnerId, data, ...common(event), dedupeKey: `${event.id} ${partnerId}` };
  });

import type { ActorName } from '../actors.ts';
import { ANY_VERSION, type Case, plain, type Row } from './row.ts';

/** Who manages a partner's webhooks. */
const MANAGERS: readonly ActorName[] = ['staff', 'admin', 'client'];

/** Nothing of it is ever sent there: no maintenance is renewed here. */
const wanted = { url: 'https://integrator.example/hooks', eventTypes: ['maintenance.renewed'] };

const aboutEndpoint = (request: Case['request']): Case => ({
  about: 'path/endpointId',
  missing: 'webhook_endpoint_not_found',
  request,
});

const aboutDelivery: Case[] = [
  aboutEndpoint(({ webhook }) => ({ path: webhook })),
  {
    about: 'path/deliveryId',
    missing: 'webhook_delivery_not_found',
    oneAccount: true,
    request: ({ webhook: { deliveryId } }, { own }) => ({ path: { ...own.webhook, deliveryId } }),
  },
];

/** Webhook endpoints and what was sent to them. */
export const webhookRows: Row[] = [
  {
    operationId: 'createWebhookEndpoint',
    allowed: MANAGERS,
    cases: [
      {
        about: '/partnerId',
        missing: 'partner_not_found',
        request: ({ partnerId }) => ({ body: { ...wanted, partnerId } }),
      },
      plain(() => ({ body: wanted })),
    ],
  },
  {
    operationId: 'listWebhookEndpoints',
    allowed: MANAGERS,
    cases: [
      plain(() => ({ query: { limit: '200' } })),
      { about: 'query/partnerId', missing: 'empty', request: ({ partnerId }) => ({ query: { partnerId } }) },
    ],
  },
  ...['getWebhookEndpoint', 'rotateWebhookSecret', 'testWebhookEndpoint', 'listWebhookDeliveries'].map(
    (operationId): Row => ({
      operationId,
      allowed: MANAGERS,
      cases: [aboutEndpoint(({ webhook: { endpointId } }) => ({ path: { endpointId } }))],
    }),
  ),
  {
    operationId: 'updateWebhookEndpoint',
    allowed: MANAGERS,
    cases: [
      aboutEndpoint(({ webhook: { endpointId } }) => ({
        path: { endpointId },
        headers: ANY_VERSION,
        body: { ...wanted, description: 'Warehouse system', enabled: true },
      })),
    ],
  },
  {
    operationId: 'deleteWebhookEndpoint',
    allowed: MANAGERS,
    cases: [aboutEndpoint(({ endpointId }) => ({ path: { endpointId: endpointId() } }))],
  },
  { operationId: 'getWebhookDelivery', allowed: MANAGERS, cases: aboutDelivery },
  { operationId: 'redeliverWebhook', allowed: MANAGERS, cases: aboutDelivery },
];

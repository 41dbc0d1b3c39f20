import { buildServer, type ServerOptions, type TokenVerifier } from '@smartserver/service-kit';
import type { FastifyInstance } from 'fastify';
import type { Deps } from './deps.ts';
import { DigestSettingsRoutes } from './digest-settings/route.ts';
import { operations } from './generated/operations.ts';
import { registerFormParser } from './http/form-parser.ts';
import { NotificationSettingsRoutes } from './notification-settings/route.ts';
import { NotificationsRoutes } from './notifications/route.ts';
import { UnsubscriptionsRoutes } from './unsubscribe/route.ts';
import { WebhookDeliveryService } from './webhooks/delivery-service.ts';
import { type WebhookDeps, WebhookEndpointService } from './webhooks/endpoint-service.ts';
import { WebhookDeliveriesController } from './webhooks/webhook-deliveries.controller.ts';
import { WebhookEndpointsController } from './webhooks/webhook-endpoints.controller.ts';

export type AppDeps = Deps & {
  verifier: TokenVerifier;
  webhooks: Pick<WebhookDeps, 'relay' | 'seal' | 'rules'>;
  /** The OpenAPI document of this service. */
  spec: object;
  readiness: ServerOptions['readiness'];
};

/** The HTTP side of the service. No I/O. */
export const buildApp = (deps: AppDeps): Promise<FastifyInstance> => {
  const { database, verifier, clock, ids, logger, spec, readiness } = deps;
  const webhooks: WebhookDeps = { database, clock, ids, ...deps.webhooks };
  return buildServer({
    service: 'notification',
    logger,
    clock,
    spec,
    operations,
    controllers: {
      DigestSettingsRoutes: new DigestSettingsRoutes(deps),
      NotificationSettingsRoutes: new NotificationSettingsRoutes(deps),
      NotificationsRoutes: new NotificationsRoutes(deps),
      UnsubscriptionsRoutes: new UnsubscriptionsRoutes(deps),
      WebhookDeliveriesController: new WebhookDeliveriesController(new WebhookDeliveryService(webhooks)),
      WebhookEndpointsController: new WebhookEndpointsController(new WebhookEndpointService(webhooks)),
    },
    verifier,
    readiness,
    plugins: registerFormParser,
  });
};

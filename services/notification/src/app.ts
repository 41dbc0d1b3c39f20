import {
  buildServer,
  type Clock,
  type Database,
  eventually as eventuallyInTime,
  type Ids,
  type Logger,
  type ServerOptions,
  type TokenVerifier,
} from '@smartserver/service-kit';
import type { FastifyInstance } from 'fastify';
import { operations } from './generated/operations.ts';
import { registerFormParser } from './http/form-parser.ts';
import type { Tables } from './model/tables.ts';
import { NotificationService } from './notifications/notification-service.ts';
import { NotificationsController } from './notifications/notifications.controller.ts';
import { ScheduledService } from './notifications/scheduled-service.ts';
import { DigestService } from './settings/digest-service.ts';
import { DigestSettingsController } from './settings/digest-settings.controller.ts';
import { NotificationSettingsController } from './settings/notification-settings.controller.ts';
import { SettingsService } from './settings/settings-service.ts';
import { TestEmailService } from './settings/test-email-service.ts';
import type { UnsubscribeLinks } from './unsubscribing/unsubscribe-link.ts';
import { UnsubscribeService } from './unsubscribing/unsubscribe-service.ts';
import { UnsubscriptionsController } from './unsubscribing/unsubscriptions.controller.ts';
import { WebhookDeliveryService } from './webhooks/delivery-service.ts';
import { type WebhookDeps, WebhookEndpointService } from './webhooks/endpoint-service.ts';
import { WebhookDeliveriesController } from './webhooks/webhook-deliveries.controller.ts';
import { WebhookEndpointsController } from './webhooks/webhook-endpoints.controller.ts';

export type AppDeps = {
  database: Database<Tables>;
  verifier: TokenVerifier;
  clock: Clock;
  ids: Ids;
  logger: Logger;
  /** Woken after each change: there may be e-mails to be sent. */
  relay: { wake(): void };
  mailDomain: string;
  /** Hour of the day, UTC, from which the notices of the day are made. */
  noticeHour: number;
  links: UnsubscribeLinks;
  webhooks: Pick<WebhookDeps, 'relay' | 'seal' | 'rules'>;
  /** Waits for news of other services; in real time unless told otherwise. */
  eventually?: typeof eventuallyInTime;
  /** The OpenAPI document of this service. */
  spec: object;
  readiness: ServerOptions['readiness'];
};

/** The HTTP side of the service. No I/O. */
export const buildApp = (deps: AppDeps): Promise<FastifyInstance> => {
  const { database, verifier, clock, ids, logger, spec, readiness } = deps;
  const settings = { eventually: eventuallyInTime, ...deps };
  const webhooks: WebhookDeps = { database, clock, ids, ...deps.webhooks };
  return buildServer({
    service: 'notification',
    logger,
    clock,
    spec,
    operations,
    controllers: {
      DigestSettingsController: new DigestSettingsController(new DigestService(settings)),
      NotificationSettingsController: new NotificationSettingsController(
        new SettingsService(settings),
        new TestEmailService(settings),
      ),
      NotificationsController: new NotificationsController(
        new NotificationService(database),
        new ScheduledService(database, clock, deps.noticeHour),
      ),
      UnsubscriptionsController: new UnsubscriptionsController(
        new UnsubscribeService({ database, links: deps.links, clock }),
      ),
      WebhookDeliveriesController: new WebhookDeliveriesController(new WebhookDeliveryService(webhooks)),
      WebhookEndpointsController: new WebhookEndpointsController(new WebhookEndpointService(webhooks)),
    },
    verifier,
    readiness,
    plugins: registerFormParser,
  });
};

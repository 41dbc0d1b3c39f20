import {
  buildServer,
  type Clock,
  type Database,
  type Logger,
  type ServerOptions,
  type TokenVerifier,
} from '@smartserver/service-kit';
import type { FastifyInstance } from 'fastify';
import type { NotificationTables } from './db.ts';
import { operations } from './generated/operations.ts';
import { NotificationService } from './notifications/notification-service.ts';
import { NotificationsController } from './notifications/notifications.controller.ts';

export type AppDeps = {
  database: Database<NotificationTables>;
  verifier: TokenVerifier;
  clock: Clock;
  logger: Logger;
  /** The OpenAPI document of this service. */
  spec: object;
  readiness: ServerOptions['readiness'];
};

/** The HTTP side of the service. No I/O. */
export function buildApp(deps: AppDeps): Promise<FastifyInstance> {
  const { database, verifier, clock, logger, spec, readiness } = deps;
  return buildServer({
    service: 'notification',
    logger,
    clock,
    spec,
    operations,
    controllers: { NotificationsController: new NotificationsController(new NotificationService(database)) },
    verifier,
    readiness,
  });
}

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type Clock,
  createLogger,
  createTokenVerifier,
  httpJwks,
  type Ids,
  type Logger,
  openDatabase,
  openMessaging,
  type RunningService,
  startConsumers,
  stopInOrder,
  systemClock,
  systemIds,
} from '@smartserver/service-kit';
import { sql } from 'kysely';
import { buildApp } from './app.ts';
import type { NotificationConfig } from './config.ts';
import { notificationHandlers } from './consumers/index.ts';
import type { NotificationTables } from './db.ts';
import { emailQueue } from './emails/email-store.ts';
import { createSender, senderLimits } from './sending/sender.ts';
import { smtpTransport } from './sending/transport.ts';

const name = 'notification';
const specFile = join(import.meta.dirname, '../../../openapi/notification.json');

export type NotificationDeps = {
  logger?: Logger;
  clock?: Clock;
  ids?: Ids;
  /** Keys of access tokens; fetched from JWKS_URL unless given. */
  jwks?: ReturnType<typeof httpJwks>;
};

/** Composition root: opens what the service needs and starts its work. The caller makes the app listen. */
export async function startNotification(
  config: NotificationConfig,
  deps: NotificationDeps = {},
): Promise<RunningService> {
  const clock = deps.clock ?? systemClock;
  const ids = deps.ids ?? systemIds;
  const logger = deps.logger ?? createLogger({ service: name, level: config.LOG_LEVEL });
  const database = openDatabase<NotificationTables>({
    url: config.DATABASE_URL,
    poolSize: config.DATABASE_POOL_SIZE,
    service: name,
    logger,
    production: config.NODE_ENV === 'production',
  });
  await database.verifyDurability();
  const messaging = openMessaging({ url: config.QUEUE_URL, logger });
  const app = await buildApp({
    database,
    verifier: createTokenVerifier({ jwks: deps.jwks ?? httpJwks(config.JWKS_URL), clock }),
    clock,
    logger,
    spec: JSON.parse(await readFile(specFile, 'utf8')),
    // Not the mail server: what is to be sent waits for it, and the API answers without it.
    readiness: {
      database: async () => {
        await sql`select 1`.execute(database.kysely);
      },
      queues: () => messaging.canary(),
    },
  });

  const attemptMs = config.MAIL_TIMEOUT_SECONDS * 1_000;
  const { SMTP_URL: url, MAIL_FROM: from, MAIL_CONNECTIONS: connections, MAIL_PER_SECOND: perSecond } = config;
  const sender = createSender(
    {
      queue: emailQueue(database.kysely),
      transport: smtpTransport({ url, from, connections, timeoutMs: attemptMs }),
      clock,
      logger,
      timing: { attemptMs, recordMs: attemptMs },
    },
    { ...senderLimits, connections, perSecond },
  );
  sender.start();
  const consumers = startConsumers<NotificationTables>({
    service: name,
    database,
    messaging,
    logger,
    clock,
    handlers: notificationHandlers({ clock, ids, mailDomain: config.MAIL_DOMAIN }),
    // This service publishes nothing: what a commit wakes is the sender.
    relay: sender,
  });

  const stop = stopInOrder(logger, [
    { name: 'http', stop: () => app.close() },
    { name: 'consumers', stop: () => consumers.stop() },
    { name: 'sender', stop: () => sender.stop(), timeoutMs: senderLimits.drainMs + senderLimits.cutMs + 500 },
    { name: 'queues', stop: () => messaging.close() },
    { name: 'database', stop: () => database.close() },
  ]);
  return { name, app, stop };
}

import {
  createSeal,
  createTokenVerifier,
  type Foundation,
  httpJwks,
  openFoundation,
  type RunningService,
  type Seal,
  type ServiceDeps,
  startConsumers,
  stopInOrder,
} from '@smartserver/service-kit';
import { buildApp } from './app.ts';
import type { NotificationConfig } from './config.ts';
import { notificationHandlers } from './consumers/index.ts';
import type { NotificationTables } from './db.ts';
import { emailQueue } from './emails/email-store.ts';
import { startHousekeeping } from './housekeeping.ts';
import { notificationMigrations } from './migrations.ts';
import { priorityQueue } from './sending/priority-queue.ts';
import { createSender, senderLimits } from './sending/sender.ts';
import { smtpTransport } from './sending/transport.ts';
import { signInQueue } from './sign-ins/sign-in-store.ts';
import { webhookQueue } from './webhooks/outbound-store.ts';
import { createPost } from './webhooks/post.ts';
import { dnsResolver } from './webhooks/resolver.ts';
import type { TargetRules } from './webhooks/target.ts';
import { createWebhookSender, type WebhookSender, webhookSenderLimits } from './webhooks/webhook-sender.ts';

/** Composition root: opens what the service needs and starts its work. The caller makes the app listen. */
export async function startNotification(config: NotificationConfig, deps: ServiceDeps = {}): Promise<RunningService> {
  const migrations = notificationMigrations;
  const base = await openFoundation<NotificationTables>('notification', config, deps, { migrations });
  const { service: name, clock, ids, logger, database, messaging } = base;
  const verifier = createTokenVerifier({ jwks: deps.jwks ?? httpJwks(config.JWKS_URL), clock });
  // Not ready without the mail server? No: what is to be sent waits for it, and the API answers without it.
  const webhookSeal = createSeal(config.WEBHOOK_SEAL_KEY);
  const rules = { allowInsecure: config.WEBHOOKS_ALLOW_INSECURE_TARGETS };
  const webhookSender = webhookSenderOf(config, base, webhookSeal, rules);
  const app = await buildApp({ ...base, verifier, webhooks: { relay: webhookSender, seal: webhookSeal, rules } });

  const attemptMs = config.MAIL_TIMEOUT_SECONDS * 1_000;
  const { SMTP_URL: url, MAIL_FROM: from, MAIL_CONNECTIONS: connections, MAIL_PER_SECOND: perSecond } = config;
  const signIns = signInQueue({
    db: database.kysely,
    seal: createSeal(config.MAIL_SEAL_KEY),
    mailDomain: config.MAIL_DOMAIN,
    logger,
  });
  const sender = createSender(
    {
      queue: priorityQueue(signIns, emailQueue(database.kysely)),
      transport: smtpTransport({ url, from, connections, timeoutMs: attemptMs }),
      clock,
      logger,
      timing: { attemptMs, recordMs: attemptMs },
    },
    { ...senderLimits, connections, perSecond },
  );
  sender.start();
  webhookSender.start();
  const housekeeping = startHousekeeping(base);
  const consumers = startConsumers<NotificationTables>({
    ...base,
    handlers: notificationHandlers({ clock, ids, mailDomain: config.MAIL_DOMAIN }),
    // This service publishes nothing: what a commit wakes are the senders.
    relay: {
      wake() {
        sender.wake();
        webhookSender.wake();
      },
    },
  });

  const stop = stopInOrder(logger, [
    { name: 'http', stop: () => app.close() },
    { name: 'consumers', stop: () => consumers.stop() },
    {
      name: 'senders',
      stop: async () => {
        await Promise.all([sender.stop(), webhookSender.stop(), housekeeping.stop()]);
      },
      timeoutMs: senderLimits.drainMs + senderLimits.cutMs + 500,
    },
    { name: 'queues', stop: () => messaging.close() },
    { name: 'database', stop: () => database.close() },
  ]);
  return { name, app, stop };
}

function webhookSenderOf(
  config: NotificationConfig,
  { database, clock, logger }: Foundation<NotificationTables>,
  seal: Seal,
  rules: TargetRules,
): WebhookSender {
  const connections = config.WEBHOOK_CONNECTIONS;
  const attemptMs = config.WEBHOOK_TIMEOUT_SECONDS * 1_000;
  return createWebhookSender(
    {
      queue: webhookQueue(database.kysely),
      post: createPost({ resolve: dnsResolver(), rules, timeoutMs: attemptMs }),
      seal,
      clock,
      random: Math.random,
      logger,
      timing: { attemptMs, recordMs: attemptMs },
    },
    { ...webhookSenderLimits, connections, toFailing: Math.ceil(connections / 2) },
  );
}

import {
  createSeal,
  createTokenVerifier,
  eventually,
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
import { emailQueue } from './emails/email-store.ts';
import { eventHandlers } from './events.ts';
import { startHousekeeping } from './housekeeping.ts';
import { notificationMigrations } from './migrations.ts';
import type { Tables } from './model/tables.ts';
import { runNotices } from './run-notices/run.ts';
import { priorityQueue } from './sending/priority-queue.ts';
import { createSender, type Sender, senderLimits } from './sending/sender.ts';
import { smtpTransport } from './sending/transport.ts';
import { signInQueue } from './sign-ins/sign-in-store.ts';
import { createUnsubscribeLinks, type UnsubscribeLinks } from './unsubscribe/link.ts';
import { tellOwner } from './webhooks/disabled-service.ts';
import { webhookQueue } from './webhooks/outbound-store.ts';
import { createPost } from './webhooks/post.ts';
import { dnsResolver } from './webhooks/resolver.ts';
import type { TargetRules } from './webhooks/target.ts';
import { createWebhookSender, type WebhookSender, webhookSenderLimits } from './webhooks/webhook-sender.ts';

/** Composition root: opens what the service needs and starts its work. The caller makes the app listen. */
export const startNotification = async (
  config: NotificationConfig,
  deps: ServiceDeps = {},
): Promise<RunningService> => {
  const migrations = notificationMigrations;
  const base = await openFoundation<Tables>('notification', config, deps, { migrations });
  const { service: name, clock, ids, logger, database, messaging } = base;
  const verifier = createTokenVerifier({ jwks: deps.jwks ?? httpJwks(config.JWKS_URL), clock });
  const webhookSeal = createSeal(config.WEBHOOK_SEAL_KEY);
  const rules = { allowInsecure: config.WEBHOOKS_ALLOW_INSECURE_TARGETS };
  const webhookSender = webhookSenderOf(config, base, webhookSeal, rules);
  const links = createUnsubscribeLinks({ secret: config.MAIL_SEAL_KEY, publicUrl: config.PUBLIC_URL });
  const sender = senderOf(config, base, links);
  const { MAIL_DOMAIN: mailDomain, NOTICE_HOUR: noticeHour } = config;
  // Not ready without the mail server? No: what is to be sent waits for it, and the API answers without it.
  const webhooks = { relay: webhookSender, seal: webhookSeal, rules };
  const projections = { waitFor: <T>(read: () => Promise<T | null>) => eventually(read) };
  const app = await buildApp({
    ...base,
    projections,
    verifier,
    relay: sender,
    mailDomain,
    noticeHour,
    links,
    webhooks,
  });
  // This service publishes nothing: what a commit wakes are the senders.
  const relay = {
    wake() {
      sender.wake();
      webhookSender.wake();
    },
  };

  sender.start();
  webhookSender.start();
  const housekeeping = startHousekeeping(base);
  const consumers = startConsumers<Tables>({
    ...base,
    handlers: eventHandlers({ clock, ids, mailDomain }),
    relay,
  });
  const notices = messaging.schedule(
    'notification-notices',
    () => runNotices({ ...base, mailDomain, links, noticeHour, relay }),
    { everyMs: config.NOTICE_EVERY_SECONDS * 1_000 },
  );

  const stop = stopInOrder(logger, [
    { name: 'http', stop: () => app.close() },
    { name: 'consumers', stop: () => consumers.stop() },
    { name: 'notices', stop: () => notices.close() },
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
};

const senderOf = (
  config: NotificationConfig,
  { database, clock, logger }: Foundation<Tables>,
  links: UnsubscribeLinks,
): Sender => {
  const attemptMs = config.MAIL_TIMEOUT_SECONDS * 1_000;
  const { SMTP_URL: url, MAIL_FROM: from, MAIL_CONNECTIONS: connections, MAIL_PER_SECOND: perSecond } = config;
  const { MAIL_DOMAIN: mailDomain, MAIL_SEAL_KEY } = config;
  const db = database.kysely;
  const signIns = signInQueue({ db, seal: createSeal(MAIL_SEAL_KEY), mailDomain, logger });
  return createSender(
    {
      queue: priorityQueue(signIns, emailQueue(db, links)),
      transport: smtpTransport({ url, from, returnPath: config.MAIL_RETURN_PATH, connections, timeoutMs: attemptMs }),
      clock,
      logger,
      timing: { attemptMs, recordMs: attemptMs },
    },
    { ...senderLimits, connections, perSecond },
  );
};

const webhookSenderOf = (
  config: NotificationConfig,
  { database, clock, ids, logger }: Foundation<Tables>,
  seal: Seal,
  rules: TargetRules,
): WebhookSender => {
  const connections = config.WEBHOOK_CONNECTIONS;
  const attemptMs = config.WEBHOOK_TIMEOUT_SECONDS * 1_000;
  return createWebhookSender(
    {
      queue: webhookQueue(database.kysely, tellOwner({ clock, ids, mailDomain: config.MAIL_DOMAIN })),
      post: createPost({ resolve: dnsResolver(), rules, timeoutMs: attemptMs }),
      seal,
      clock,
      random: Math.random,
      logger,
      timing: { attemptMs, recordMs: attemptMs },
    },
    { ...webhookSenderLimits, connections, toFailing: Math.ceil(connections / 2) },
  );
};

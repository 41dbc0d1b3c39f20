import { createSeal, type Seal, type ServiceBase, type Worker } from '@smartserver/service-kit';
import type { Config } from './config.ts';
import type { Pace } from './delivery/deliveries.sql.ts';
import { createSender, type Sender, senderDefaults } from './delivery/sender.ts';
import { emailLane } from './emails/email-lane.ts';
import { smtpTransport } from './emails/smtp.ts';
import type { Tables } from './model/tables.ts';
import { signInLane } from './sign-in-codes/sign-in-codes.ts';
import type { UnsubscribeLinks } from './unsubscribe/link.ts';
import { webhookLanes } from './webhook-deliveries/lanes.ts';
import { createPost } from './webhook-deliveries/post.ts';
import { dnsResolver } from './webhook-deliveries/resolver.ts';
import type { TargetRules } from './webhook-endpoints/target.ts';

type Base = ServiceBase<Tables, Config>;
type Parts = { links: UnsubscribeLinks; webhookSeal: Seal; targetRules: TargetRules };

/** The senders of e-mails and of webhooks as one worker: they stop at the same time, within 6 seconds. */
export const openSenders = (base: Base, parts: Parts): Worker & Pick<Sender, 'wake'> => {
  const senders = [emailSender(base, parts), webhookSender(base, parts)];
  return {
    name: 'senders',
    wake() {
      for (const sender of senders) sender.wake();
    },
    start() {
      for (const sender of senders) sender.start();
    },
    stop: async () => {
      await Promise.all(senders.map((sender) => sender.stop()));
    },
    stopTimeoutMs: senderDefaults.drainMs + senderDefaults.cutMs + 500,
  };
};

const emailSender = ({ config, database, clock, logger }: Base, { links }: Parts): Sender => {
  const { SMTP_URL: url, MAIL_FROM: from, MAIL_RETURN_PATH: returnPath, MAIL_CONNECTIONS: connections } = config;
  const attemptMs = config.MAIL_TIMEOUT_SECONDS * 1_000;
  const transport = smtpTransport({ url, from, returnPath, connections, timeoutMs: attemptMs });
  const pace: Pace = { name: 'e-mails', perSecond: config.MAIL_PER_SECOND };
  const common = { db: database.kysely, transport, pace };
  const seal = createSeal(config.MAIL_SEAL_KEY);
  return createSender(
    { clock, logger, onCut: () => transport.close() },
    [signInLane({ ...common, seal, mailDomain: config.MAIL_DOMAIN, logger }), emailLane({ ...common, links })],
    { ...senderDefaults, connections, attemptMs, recordMs: attemptMs },
  );
};

const webhookSender = (base: Base, { webhookSeal: seal, targetRules: rules }: Parts): Sender => {
  const { config, database, clock, ids, logger } = base;
  const connections = config.WEBHOOK_CONNECTIONS;
  const attemptMs = config.WEBHOOK_TIMEOUT_SECONDS * 1_000;
  const post = createPost({ resolve: dnsResolver(), rules, timeoutMs: attemptMs });
  const lanes = webhookLanes(
    { db: database.kysely, post, seal, clock, ids, mailDomain: config.MAIL_DOMAIN, random: Math.random, logger },
    { perEndpoint: 4, toFailing: Math.ceil(connections / 2) },
  );
  return createSender({ clock, logger }, lanes, { ...senderDefaults, connections, attemptMs, recordMs: attemptMs });
};

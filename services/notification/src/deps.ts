import { type BaseDeps, createSeal, type Seal, type ServiceBase, type Worker } from '@smartserver/service-kit';
import type { Config } from './config.ts';
import type { Tables } from './model/tables.ts';
import { openSenders } from './senders.ts';
import { createUnsubscribeLinks, type UnsubscribeLinks } from './unsubscribe/link.ts';
import type { TargetRules } from './webhook-endpoints/target.ts';

/** What use cases get. The relay wakes the senders: after a commit there may be something to be sent. */
export type Deps = BaseDeps<Tables> & {
  /** Right-hand side of Message-IDs. */
  mailDomain: string;
  /** Hour of the day, UTC, from which the notices of the day are made. */
  noticeHour: number;
  noticeEverySeconds: number;
  links: UnsubscribeLinks;
  /** Seals the secrets of webhook endpoints. */
  webhookSeal: Seal;
  /** Where webhooks may go. */
  targetRules: TargetRules;
  senders: Worker;
};

export const openDeps = (base: ServiceBase<Tables, Config>): Deps => {
  const { config } = base;
  const links = createUnsubscribeLinks({ secret: config.MAIL_SEAL_KEY, publicUrl: config.PUBLIC_URL });
  const webhookSeal = createSeal(config.WEBHOOK_SEAL_KEY);
  const targetRules = { allowInsecure: config.WEBHOOKS_ALLOW_INSECURE_TARGETS };
  const senders = openSenders(base, { links, webhookSeal, targetRules });
  return {
    ...base,
    relay: senders,
    mailDomain: config.MAIL_DOMAIN,
    noticeHour: config.NOTICE_HOUR,
    noticeEverySeconds: config.NOTICE_EVERY_SECONDS,
    links,
    webhookSeal,
    targetRules,
    senders,
  };
};

import type { Logger } from '@smartserver/service-kit';
import type { UnsubscribeLinks } from '../unsubscribing/unsubscribe-link.ts';
import { makeAccountNotices, type NoticeDeps } from './account-notices-service.ts';
import { noticeDay } from './day.ts';
import { makeDigestNotices } from './digest-notices-service.ts';
import { writeEmails } from './notice-mailing-service.ts';
import { makeRenewalNotices } from './renewal-notices-service.ts';

export type NoticeRunDeps = NoticeDeps & {
  mailDomain: string;
  links: Pick<UnsubscribeLinks, 'urlOf'>;
  /** Hour of the day, UTC, from which the notices of the day are made. */
  noticeHour: number;
  /** Woken when there is something to be sent. */
  relay: { wake(): void };
  logger: Logger;
};

/**
 * Makes all notices that are due, and their e-mails. May run at any time, as often as you like, in several processes at once, and
 * end in the middle: each notice is made once, and what is left is due again at the next run. [domain.md rule 11]
 */
export const runNotices = async (deps: NoticeRunDeps): Promise<void> => {
  const today = noticeDay(deps.clock.now(), deps.noticeHour);
  for (const make of [makeAccountNotices, makeDigestNotices, makeRenewalNotices]) {
    while (await make(deps, today));
  }
  const written = await writeEmails(deps, today);
  if (written > 0) deps.logger.info({ written, today }, 'notices of maintenance were written');
  // Also for webhooks, and for e-mails that another run has left.
  deps.relay.wake();
};

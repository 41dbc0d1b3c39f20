import type { Deps } from '../deps.ts';
import { noticeDay } from '../notices/day.ts';
import { makeAccountNotices } from './account-notices.ts';
import { makeDigestNotices } from './digest-notices.ts';
import { makeRenewalNotices } from './renewal-notices.ts';
import { type WriteDeps, writeEmails } from './write-emails.ts';

type RunDeps = WriteDeps & Pick<Deps, 'logger' | 'relay' | 'noticeHour'>;

/**
 * Makes all notices that are due, and their e-mails. May run at any time, as often as you like, in several processes at once, and
 * end in the middle: each notice is made once, and what is left is due again at the next run. [domain.md rule 11]
 */
export const runNotices = async (deps: RunDeps): Promise<void> => {
  const today = noticeDay(deps.clock.now(), deps.noticeHour);
  for (const make of [makeAccountNotices, makeDigestNotices, makeRenewalNotices]) {
    while (await make(deps, today));
  }
  const emails = await writeEmails(deps, today);
  if (emails > 0) deps.logger.info({ emails, today }, 'e-mails with notices of maintenance written');
  // Also for webhooks, and for e-mails that another run has left.
  deps.relay.wake();
};

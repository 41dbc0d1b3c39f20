import type { Deps } from '../deps.ts';
import { type MailingDeps, type NewEmail, queueEmails } from '../emails/emails.sql.ts';
import type { Day } from '../notices/day.ts';
import { expiringEmail, renewedEmail } from '../notices/email.ts';
import { UNSUBSCRIBE_WORDS } from '../unsubscribe/words.ts';
import { areNoticesMade, collectIntoEmail, listOwners, lockPending, type PendingEmail } from './pending.sql.ts';

export type WriteDeps = MailingDeps & Pick<Deps, 'database'> & { links: Pick<Deps['links'], 'urlOf'> };

/** E-mails of one transaction: each is rendered in it. */
const BATCH = 20;

/** Of longer digests, the first lines are written out and the others counted. */
const MOST_LINES = 100;

/**
 * Writes the e-mails of the notices that have none: one for each address and partner. Notices and e-mails commit together, so that
 * each notice is in one e-mail.
 * @returns how many were written
 */
export const writeEmails = async (deps: WriteDeps, today: Day): Promise<number> => {
  const { kysely } = deps.database;
  let written = 0;
  for (const owner of await listOwners(kysely)) {
    if (!(await areNoticesMade(kysely, owner, today))) continue;
    let after: PendingEmail | null = null;
    do {
      const last: PendingEmail | null = after;
      after = await kysely.transaction().execute(async (trx) => {
        const pending = await lockPending(trx, owner, last, BATCH);
        const emails: NewEmail[] = [];
        for (const { locked, ...about } of pending) {
          if (!locked) continue;
          const now = deps.clock.now();
          const emailId = deps.ids.ordered();
          const digest = await collectIntoEmail(trx, owner, about, { emailId, limit: MOST_LINES, now });
          // Another process was quicker.
          if (digest.lines.length > 0) emails.push(toEmail(deps, { owner, ...about, ...digest, emailId, now }));
        }
        await queueEmails(trx, deps, emails);
        written += emails.length;
        return pending.length < BATCH ? null : (pending.at(-1) ?? null);
      });
    } while (after !== null);
  }
  return written;
};

type Digest = Awaited<ReturnType<typeof collectIntoEmail>> &
  PendingEmail & { owner: string | null; emailId: string; now: Date };

const toEmail = (deps: WriteDeps, digest: Digest): NewEmail => {
  const { owner, renewed, lines, count, expired, oneAccount, emailId, now } = digest;
  const [first] = lines;
  if (first === undefined) throw new Error('an e-mail of no notices');
  return {
    emailId,
    eventId: emailId,
    subject: renewed ? 'maintenance_renewed' : 'maintenance_expiring',
    customerId: oneAccount ? first.customerId : null,
    partnerId: owner,
    to: first,
    content: (renewed ? renewedEmail : expiringEmail)(first, { lines, more: count - lines.length, expired, now }),
    unsubscribe: { label: UNSUBSCRIBE_WORDS[first.language].link, url: deps.links.urlOf(emailId) },
  };
};

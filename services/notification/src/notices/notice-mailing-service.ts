import { messageIdFor, type NewEmail } from '../emails/email.ts';
import { insertEmails } from '../emails/email-store.ts';
import { renderEmail } from '../emails/template.tsx';
import type { UnsubscribeLinks } from '../unsubscribing/unsubscribe-link.ts';
import { UNSUBSCRIBE_WORDS } from '../unsubscribing/unsubscribe-words.ts';
import type { NoticeDeps } from './account-notices-service.ts';
import type { Day } from './day.ts';
import { expiringEmail, renewedEmail } from './notice-email.ts';
import { isFoundOut, ownersWithUnwritten, putIntoEmail, takeUnwritten, type Unwritten } from './unwritten-store.ts';

type MailingDeps = NoticeDeps & { mailDomain: string; links: Pick<UnsubscribeLinks, 'urlOf'> };

/** E-mails of one transaction: each is rendered in it. */
const BATCH = 20;

/** Of longer digests, the first lines are written out and the others counted. */
const MOST_LINES = 100;

/**
 * Writes the e-mails of the notices that are there: one for each address and partner. Notices and e-mails commit together, so
 * that each is told once.
 * @returns how many were written
 */
export const writeEmails = async (deps: MailingDeps, today: Day): Promise<number> => {
  let written = 0;
  for (const owner of await ownersWithUnwritten(deps.database.kysely)) {
    if (await isFoundOut(deps.database.kysely, owner, today)) written += await writeEmailsOf(deps, owner);
  }
  return written;
};

const writeEmailsOf = async (deps: MailingDeps, owner: string | null): Promise<number> => {
  let written = 0;
  let after: Unwritten | null = null;
  do {
    const last: Unwritten | null = after;
    after = await deps.database.kysely.transaction().execute(async (trx) => {
      const found = await takeUnwritten(trx, owner, last, BATCH);
      const emails: NewEmail[] = [];
      for (const { taken, ...unwritten } of found) {
        if (!taken) continue;
        const emailId = deps.ids.ordered();
        const now = deps.clock.now();
        const digest = await putIntoEmail(trx, owner, unwritten, { emailId, limit: MOST_LINES, now });
        const { lines, count, expired } = digest;
        const [first] = lines;
        // Another process was quicker.
        if (first === undefined) continue;
        const write = unwritten.renewed ? renewedEmail : expiringEmail;
        emails.push({
          emailId,
          customerId: digest.oneAccount ? first.customerId : null,
          partnerId: owner,
          eventId: emailId,
          subject: unwritten.renewed ? 'maintenance_renewed' : 'maintenance_expiring',
          recipient: first.email,
          recipientName: first.name,
          language: first.language,
          messageId: messageIdFor(emailId, owner ?? '', first.email, deps.mailDomain),
          rendered: renderEmail(write(first, { lines, more: count - lines.length, expired, now }), {
            label: UNSUBSCRIBE_WORDS[first.language].link,
            url: deps.links.urlOf(emailId),
          }),
          createdAt: now,
        });
      }
      await insertEmails(trx, emails);
      written += emails.length;
      return found.length < BATCH ? null : (found.at(-1) ?? null);
    });
  } while (after !== null);
  return written;
};

import type { NotificationSubject } from '@smartserver/contracts';
import { type Kysely, sql } from 'kysely';
import { type DeliveryTable, type Pace, recordVerdict, takeDue } from '../delivery/deliveries.sql.ts';
import type { Lane, Verdict } from '../delivery/sender.ts';
import type { Tables } from '../model/tables.ts';
import type { UnsubscribeLinks } from '../unsubscribe/link.ts';
import { UNSUBSCRIBABLE } from './emails.sql.ts';
import type { LeasedEmail, MailTransport } from './smtp.ts';
import { verdictOf } from './verdict.ts';

const EMAILS: DeliveryTable = {
  name: 'emails',
  key: ['email_id'],
  failures: 'deferrals',
  status: { column: 'outcome', done: 'sent', doneAt: 'sent_at' },
};

export type EmailLaneDeps = {
  db: Kysely<Tables>;
  transport: MailTransport;
  links: Pick<UnsubscribeLinks, 'urlOf'>;
  pace: Pace;
};

/** Hands an e-mail to the mail server and judges its answer. */
export const sendEmail = async (transport: MailTransport, email: LeasedEmail): Promise<Verdict> => {
  try {
    await transport.send(email);
    return { kind: 'done' };
  } catch (error) {
    return verdictOf(email, error);
  }
};

/** All e-mails but sign-in codes, which go first: one connection stays free for those. */
export const emailLane = ({ db, transport, links, pace }: EmailLaneDeps): Lane<LeasedEmail> => ({
  name: 'e-mails',
  keepFree: 1,
  async lease(quota) {
    const { items, waitMs } = await takeDue<LeasedEmail & { subject: NotificationSubject }>(
      db,
      EMAILS,
      {
        due: (limit) => sql`
          select email_id from emails where outcome = 'pending' and next_attempt_at <= ${quota.now}
          order by next_attempt_at limit ${limit} for update skip locked`,
        columns: sql`email_id as "emailId", recipient, recipient_name as "recipientName", language,
          message_id as "messageId", headline, body_text as text, body_html as html, subject`,
        pace,
      },
      quota,
    );
    const withLinks = items.map(({ subject, ...email }) => ({
      ...email,
      unsubscribeUrl: UNSUBSCRIBABLE.includes(subject) ? links.urlOf(email.emailId) : null,
    }));
    return { items: withLinks, waitMs };
  },
  send: (email) => sendEmail(transport, email),
  record: (email, verdict, at) => recordVerdict(db, EMAILS, email, verdict, at),
});

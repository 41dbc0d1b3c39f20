import type { NotificationSubject } from '@smartserver/contracts';
import { type Kysely, sql, type Transaction } from 'kysely';
import type { Tables } from '../model/tables.ts';
import type { UnsubscribeLinks } from '../unsubscribe/link.ts';
import { type EmailQueue, type Lease, type NewEmail, UNSUBSCRIBABLE } from './email.ts';

/** Adds e-mails to be sent. One that exists for its event, account and address already is left as it is. */
export const insertEmails = async (trx: Transaction<Tables>, emails: NewEmail[]): Promise<void> => {
  if (emails.length === 0) return;
  await trx
    .insertInto('emails')
    .values(
      emails.map((email) => ({
        customer_id: email.customerId,
        email_id: email.emailId,
        partner_id: email.partnerId,
        event_id: email.eventId,
        subject: email.subject,
        recipient: email.recipient,
        recipient_name: email.recipientName,
        language: email.language,
        message_id: email.messageId,
        headline: email.rendered.headline,
        body_text: email.rendered.text,
        body_html: email.rendered.html,
        next_attempt_at: email.createdAt,
        created_at: email.createdAt,
      })),
    )
    .onConflict((conflict) => conflict.doNothing())
    .execute();
};

/** When the last e-mails of an account about something were made, one of each occasion, the newest first. */
export const lastEmails = async (
  trx: Transaction<Tables>,
  customerId: string,
  subject: NotificationSubject,
  limit: number,
): Promise<Date[]> => {
  const rows = await trx
    .selectFrom('emails')
    .select(['event_id', 'created_at'])
    .distinct()
    .where('customer_id', '=', customerId)
    .where('subject', '=', subject)
    .orderBy('created_at', 'desc')
    .limit(limit)
    .execute();
  return rows.map((row) => row.created_at);
};

/** The queue of e-mails in the database. */
export const emailQueue = (db: Kysely<Tables>, links: Pick<UnsubscribeLinks, 'urlOf'>): EmailQueue => {
  const leased = ({ emailId, attempts }: Lease) =>
    db
      .updateTable('emails')
      .where('email_id', '=', emailId)
      .where('outcome', '=', 'pending')
      .where('attempts', '=', attempts);

  return {
    async lease({ limit, now, leaseEnd }) {
      const rows = await db
        // Materialized: the planner may otherwise run the locking query more than once and take more than `limit`.
        .with(
          (cte) => cte('due').materialized(),
          (qb) =>
            qb
              .selectFrom('emails')
              .select('email_id')
              .where('outcome', '=', 'pending')
              .where('next_attempt_at', '<=', now)
              .orderBy('next_attempt_at')
              .limit(limit)
              .forUpdate()
              .skipLocked(),
        )
        .updateTable('emails')
        .from('due')
        .whereRef('emails.email_id', '=', 'due.email_id')
        .set((eb) => ({ attempts: eb('emails.attempts', '+', 1), next_attempt_at: leaseEnd }))
        .returning([
          sql.lit('letter' as const).as('kind'),
          'emails.email_id as emailId',
          'emails.recipient',
          'emails.recipient_name as recipientName',
          'emails.language',
          'emails.message_id as messageId',
          'emails.headline',
          'emails.body_text as text',
          'emails.body_html as html',
          'emails.subject',
          'emails.attempts',
          'emails.deferrals',
        ])
        .execute();
      return rows.map(({ subject, ...email }) => ({
        ...email,
        unsubscribeUrl: UNSUBSCRIBABLE.includes(subject) ? links.urlOf(email.emailId) : null,
      }));
    },

    async recordSent({ emailId }, at) {
      await db
        .updateTable('emails')
        .set({ outcome: 'sent', sent_at: at, failure: null })
        .where('email_id', '=', emailId)
        .where('outcome', '<>', 'sent')
        .execute();
    },

    async recordRetry(lease, { at, failure, deferred }) {
      await leased(lease)
        .set((eb) => ({ next_attempt_at: at, failure, deferrals: eb('deferrals', '+', deferred ? 1 : 0) }))
        .execute();
    },

    async recordFailed(lease, failure) {
      await leased(lease).set({ outcome: 'failed', failure }).execute();
    },
  };
};

/** E-mails about disabled webhook endpoints that an owner has been sent, or will be. @param partnerId null: Customer Success */
export const countDisabledEmails = async (
  trx: Transaction<Tables>,
  partnerId: string | null,
  since: Date,
): Promise<number> => {
  const { count } = await trx
    .selectFrom('emails')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('subject', '=', 'webhook_disabled')
    .where('partner_id', partnerId === null ? 'is' : '=', partnerId)
    .where('created_at', '>', since)
    .executeTakeFirstOrThrow();
  return count;
};

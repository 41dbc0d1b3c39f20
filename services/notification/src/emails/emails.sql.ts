import type { Language, NotificationSubject } from '@smartserver/contracts';
import type { Transaction } from 'kysely';
import { v5 } from 'uuid';
import type { Tables } from '../model/tables.ts';
import type { RenderedEmail } from './content.ts';

/** E-mails that nothing the reader did has caused, and that one may do without. */
export const UNSUBSCRIBABLE: readonly NotificationSubject[] = ['maintenance_expiring', 'maintenance_renewed'];

export type NewEmail = {
  emailId: string;
  /** Null: it is about several. */
  customerId: string | null;
  partnerId: string | null;
  eventId: string;
  subject: NotificationSubject;
  recipient: string;
  recipientName: string;
  language: Language;
  messageId: string;
  rendered: RenderedEmail;
  createdAt: Date;
};

/**
 * Message-ID of an e-mail: the same for the same event, account and address, whatever happened in between, so that a mail
 * server or program can drop a repeated one. The event's id is the name space.
 */
export const messageIdFor = (eventId: string, customerId: string, recipient: string, domain: string): string =>
  `<${v5(`${customerId} ${recipient.toLowerCase()}`, eventId)}@${domain}>`;

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

import type { NotificationSubject } from '@smartserver/contracts';
import type { Clock, Ids } from '@smartserver/service-kit';
import type { Transaction } from 'kysely';
import { v5 } from 'uuid';
import type { Customer } from '../model/customer.ts';
import { eachOnce, type Recipient } from '../model/email.ts';
import type { Tables } from '../model/tables.ts';
import type { EmailContent, Unsubscribe } from './content.ts';
import type { Addressee } from './event-emails.ts';
import { renderEmail } from './template.tsx';

/** E-mails that nothing the reader did has caused, and that one may do without. */
export const UNSUBSCRIBABLE: readonly NotificationSubject[] = ['maintenance_expiring', 'maintenance_renewed'];

export type MailingDeps = { clock: Clock; ids: Ids; mailDomain: string };

export type NewEmail = {
  /** Made unless given. */
  emailId?: string;
  /** What it is about: a customer gets one e-mail for an event and address. */
  eventId: string;
  subject: NotificationSubject;
  /** Null: it is about several. */
  customerId: string | null;
  partnerId: string | null;
  to: Recipient;
  content: EmailContent;
  unsubscribe?: Unsubscribe;
};

/**
 * Message-ID of an e-mail: the same for the same event, account and address, whatever happened in between, so that a mail
 * server or program can drop a repeated one. The event's id is the name space.
 */
export const messageIdFor = (eventId: string, customerId: string, recipient: string, domain: string): string =>
  `<${v5(`${customerId} ${recipient.toLowerCase()}`, eventId)}@${domain}>`;

/** Queues e-mails to be sent. One that exists for its event, account and address already is left as it is. */
export const queueEmails = async (
  trx: Transaction<Tables>,
  { clock, ids, mailDomain }: MailingDeps,
  emails: readonly NewEmail[],
): Promise<void> => {
  if (emails.length === 0) return;
  const now = clock.now();
  const rows = emails.map(({ eventId, subject, customerId, partnerId, to, ...email }) => {
    const { headline, text, html } = renderEmail(email.content, email.unsubscribe);
    return {
      customer_id: customerId,
      email_id: email.emailId ?? ids.ordered(),
      partner_id: partnerId,
      event_id: eventId,
      subject,
      recipient: to.email,
      recipient_name: to.name,
      language: to.language,
      message_id: messageIdFor(eventId, customerId ?? '', to.email, mailDomain),
      headline,
      body_text: text,
      body_html: html,
      next_attempt_at: now,
      created_at: now,
    };
  });
  await trx
    .insertInto('emails')
    .values(rows)
    .onConflict((conflict) => conflict.doNothing())
    .execute();
};

/**
 * Queues one e-mail for each contact of an account, in the transaction that records the event as taken: the event and its
 * e-mails count once, together. Contacts who are added later get none. [guarantees.md 10]
 */
export const notifyContacts = (
  trx: Transaction<Tables>,
  deps: MailingDeps,
  about: Pick<NewEmail, 'eventId' | 'subject'> & { customer: Customer; write: (to: Addressee) => EmailContent },
): Promise<void> => {
  const { eventId, subject, customer, write } = about;
  const { customerId, partnerId, name: customerName } = customer;
  const emails = eachOnce(customer.contacts).map((to) => {
    const content = write({ name: to.name, language: to.language, customerName });
    return { eventId, subject, customerId, partnerId, to, content };
  });
  return queueEmails(trx, deps, emails);
};

import type { EventEnvelope, NotificationSubject } from '@smartserver/contracts';
import type { Clock, Ids } from '@smartserver/service-kit';
import type { Transaction } from 'kysely';
import type { Customer } from '../model/customer.ts';
import type { Tables } from '../model/tables.ts';
import type { EmailContent } from './content.ts';
import { insertEmails, messageIdFor } from './emails.sql.ts';
import type { Addressee } from './event-emails.ts';
import { renderEmail } from './template.tsx';

export type MailingDeps = { clock: Clock; ids: Ids; mailDomain: string };

/**
 * Queues one e-mail for each contact of an account, in the transaction that records the event as seen: the event and its
 * e-mails count once, together. Contacts who are added later get none. [guarantees.md 10]
 */
export const notifyContacts = async (
  trx: Transaction<Tables>,
  deps: MailingDeps,
  options: {
    event: Pick<EventEnvelope, 'id'>;
    customer: Customer;
    subject: NotificationSubject;
    write: (to: Addressee) => EmailContent;
  },
): Promise<void> => {
  const { event, customer, subject, write } = options;
  const createdAt = deps.clock.now();
  // The index below refuses a repeated address; here the first one listed gives name and language.
  const byAddress = new Map(customer.contacts.toReversed().map((contact) => [contact.email.toLowerCase(), contact]));
  const emails = [...byAddress.values()].toReversed().map(({ email, name, language }) => ({
    emailId: deps.ids.ordered(),
    customerId: customer.customerId,
    partnerId: customer.partnerId,
    eventId: event.id,
    subject,
    recipient: email,
    recipientName: name,
    language,
    messageId: messageIdFor(event.id, customer.customerId, email, deps.mailDomain),
    rendered: renderEmail(write({ name, language, customerName: customer.name })),
    createdAt,
  }));
  await insertEmails(trx, emails);
};

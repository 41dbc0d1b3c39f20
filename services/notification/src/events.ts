import type { EventEnvelope, NotificationSubject } from '@smartserver/contracts';
import { type EventBatch, forEachEvent, type Handlers } from '@smartserver/service-kit';
import type { Transaction } from 'kysely';
import type { EmailContent } from './emails/content.ts';
import { type MailingDeps, notifyContacts } from './emails/emails.sql.ts';
import { type Addressee, activatedEmail, relinkedEmail, transferredEmail } from './emails/event-emails.ts';
import { projectLicense, projectMoves } from './maintenance-terms/project.ts';
import { customersOfEvents, projectCustomers } from './model/customer.ts';
import { projectPartners } from './model/partner.ts';
import type { Tables } from './model/tables.ts';
import { cancelUnwanted } from './notices/cancel.ts';
import { keepSignInCode } from './sign-in-codes/sign-in-codes.ts';
import { queueWebhooks } from './webhook-messages/queue.ts';
import {
  controllerRelinked,
  customerChanged,
  licenseChanged,
  licensesActivated,
  licensesReturned,
  licensesTransferred,
} from './webhook-messages/webhook.ts';

type Trx = Transaction<Tables>;

/**
 * Every event that this service consumes, with what it does in the transaction that records the events as taken. Events of licenses
 * are taken one after the other: a notice that one of them cancels remains cancelled, whatever the next one says.
 */
export const eventHandlers = (deps: MailingDeps): Handlers<Tables> => ({
  'partner.changed.1': projectPartners,

  'customer.changed.1': async (trx, events) => {
    await projectCustomers(trx, events);
    for (const customerId of new Set(events.map(({ data }) => data.customerId))) await cancelUnwanted(trx, customerId);
    await queueWebhooks(trx, deps, events.map(customerChanged));
  },

  'license.changed.1': async (trx, events) => {
    for (const event of events) await projectLicense(trx, deps, event);
    await queueWebhooks(trx, deps, events.map(licenseChanged));
  },

  'licenses.transferred.1': async (trx, events) => {
    await notify(trx, deps, events, {
      subject: 'licenses_transferred',
      write: (to, { data, occurredAt }) => transferredEmail(to, data, occurredAt),
    });
    await queueWebhooks(trx, deps, events.map(licensesTransferred));
  },

  'licenses.activated.1': async (trx, events) => {
    for (const event of events) await projectMoves(trx, deps, event);
    await notify(trx, deps, events, {
      subject: 'licenses_activated',
      write: (to, { data, occurredAt }) => activatedEmail(to, data, occurredAt),
    });
    await queueWebhooks(trx, deps, events.map(licensesActivated));
  },

  'licenses.returned.1': async (trx, events) => {
    for (const event of events) await projectMoves(trx, deps, event);
    await queueWebhooks(trx, deps, events.map(licensesReturned));
  },

  'controller.relinked.1': forEachEvent((trx, event) => onRelinked(trx, deps, event)),

  'portal-code.requested.1': forEachEvent((trx, event) => keepSignInCode(trx, deps, event)),
});

/** Each contact of an event's customer gets an e-mail. */
const notify = async <T extends 'licenses.transferred.1' | 'licenses.activated.1'>(
  trx: Trx,
  deps: MailingDeps,
  events: EventBatch<T>,
  about: { subject: NotificationSubject; write: (to: Addressee, event: EventEnvelope<T>) => EmailContent },
): Promise<void> => {
  const customerOf = await customersOfEvents(
    trx,
    events.map(({ data }) => data),
  );
  for (const event of events) {
    const customer = customerOf(event.data.customerId);
    const write = (to: Addressee) => about.write(to, event);
    await notifyContacts(trx, deps, { eventId: event.id, customer, subject: about.subject, write });
  }
};

/**
 * The contacts of every account concerned are notified that a controller was taken over [domain.md rule 13]. Who is a contact of two
 * of them gets an e-mail for each: they name different accounts, which may belong to different partners.
 */
const onRelinked = async (
  trx: Trx,
  deps: MailingDeps,
  event: EventEnvelope<'controller.relinked.1'>,
): Promise<void> => {
  const customerIds = [...new Set(event.data.customerIds)];
  const { customerVersions } = event.data;
  const customerOf = await customersOfEvents(
    trx,
    customerIds.map((customerId) => ({ customerId, customerVersion: customerVersions?.[customerId] })),
  );
  const customers = customerIds.map((customerId) => customerOf(customerId));
  const write = (to: Addressee) => relinkedEmail(to, event.data);
  for (const customer of customers) {
    await notifyContacts(trx, deps, { eventId: event.id, customer, subject: 'controller_relinked', write });
  }
  await queueWebhooks(trx, deps, controllerRelinked(event, customers));
};

import type { EventEnvelope } from '@smartserver/contracts';
import { forEachEvent, type Handlers } from '@smartserver/service-kit';
import type { Transaction } from 'kysely';
import type { Deps } from './deps.ts';
import { activatedEmail, relinkedEmail, transferredEmail } from './emails/event-emails.ts';
import { notifyContacts } from './emails/notify-contacts.ts';
import { projectLicense, projectMoves } from './maintenance-terms/project.ts';
import { customerOfEvent, projectCustomers } from './model/customer.ts';
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
type EventDeps = Pick<Deps, 'clock' | 'ids' | 'mailDomain'>;

/** Every event that this service consumes, with what it does in the transaction that records the events as taken. */
export const eventHandlers = (deps: EventDeps): Handlers<Tables> => ({
  'partner.changed.1': projectPartners,

  'customer.changed.1': async (trx, events) => {
    await projectCustomers(trx, events);
    for (const customerId of new Set(events.map(({ data }) => data.customerId))) await cancelUnwanted(trx, customerId);
    await queueWebhooks(trx, deps, events.map(customerChanged));
  },

  'licenses.transferred.1': async (trx, events) => {
    for (const event of events) {
      const customer = await customerOfEvent(trx, event.data.customerId, event.data.customerVersion);
      const write = (to: Parameters<typeof transferredEmail>[0]) => transferredEmail(to, event.data, event.occurredAt);
      await notifyContacts(trx, deps, { event, customer, subject: 'licenses_transferred', write });
    }
    await queueWebhooks(trx, deps, events.map(licensesTransferred));
  },

  'license.changed.1': async (trx, events) => {
    for (const event of events) await projectLicense(trx, deps, event);
    await queueWebhooks(trx, deps, events.map(licenseChanged));
  },

  'licenses.activated.1': async (trx, events) => {
    for (const event of events) {
      await projectMoves(trx, deps, event);
      const customer = await customerOfEvent(trx, event.data.customerId, event.data.customerVersion);
      const write = (to: Parameters<typeof activatedEmail>[0]) => activatedEmail(to, event.data, event.occurredAt);
      await notifyContacts(trx, deps, { event, customer, subject: 'licenses_activated', write });
    }
    await queueWebhooks(trx, deps, events.map(licensesActivated));
  },

  'licenses.returned.1': async (trx, events) => {
    for (const event of events) await projectMoves(trx, deps, event);
    await queueWebhooks(trx, deps, events.map(licensesReturned));
  },

  'controller.relinked.1': forEachEvent((trx, event) => onRelinked(trx, deps, event)),

  'portal-code.requested.1': forEachEvent((trx, event) => keepSignInCode(trx, deps, event)),
});

/**
 * Notifies the contacts of every account concerned that a controller was taken over [domain.md rule 13]. Who is a contact of two of
 * them gets an e-mail for each: they name different accounts, which may belong to different partners.
 */
const onRelinked = async (trx: Trx, deps: EventDeps, event: EventEnvelope<'controller.relinked.1'>): Promise<void> => {
  const customers = [];
  for (const customerId of new Set(event.data.customerIds)) {
    customers.push(await customerOfEvent(trx, customerId, event.data.customerVersions?.[customerId]));
  }
  const write = (to: Parameters<typeof relinkedEmail>[0]) => relinkedEmail(to, event.data);
  for (const customer of customers) {
    await notifyContacts(trx, deps, { event, customer, subject: 'controller_relinked', write });
  }
  await queueWebhooks(trx, deps, controllerRelinked(event, customers));
};

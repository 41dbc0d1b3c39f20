import type { EventEnvelope } from '@smartserver/contracts';
import type { Transaction } from 'kysely';
import { customerForMail } from '../customers/customer-store.ts';
import { activatedEmail } from '../emails/event-emails.ts';
import { type MailingDeps, tellContacts } from '../emails/mailing-service.ts';
import type { Tables } from '../model/tables.ts';

/** Tells the contacts of an account which of its licenses are active on which controller. */
export const onLicensesActivated =
  (deps: MailingDeps) =>
  async (trx: Transaction<Tables>, event: EventEnvelope<'licenses.activated.1'>): Promise<void> => {
    const customer = await customerForMail(trx, event.data.customerId);
    await tellContacts(trx, deps, {
      event,
      customer,
      subject: 'licenses_activated',
      write: (to) => activatedEmail(to, event.data, event.occurredAt),
    });
  };

import type { EventEnvelope } from '@smartserver/contracts';
import type { Transaction } from 'kysely';
import { customerForMail } from '../customers/customer-store.ts';
import { transferredEmail } from '../emails/event-emails.ts';
import { type MailingDeps, tellContacts } from '../emails/mailing-service.ts';
import type { Tables } from '../model/tables.ts';

/** Tells the contacts of an account which licenses were transferred to it. */
export const onLicensesTransferred =
  (deps: MailingDeps) =>
  async (trx: Transaction<Tables>, event: EventEnvelope<'licenses.transferred.1'>): Promise<void> => {
    const { customerId, customerVersion } = event.data;
    const customer = await customerForMail(trx, customerId, customerVersion);
    await tellContacts(trx, deps, {
      event,
      customer,
      subject: 'licenses_transferred',
      write: (to) => transferredEmail(to, event.data, event.occurredAt),
    });
  };

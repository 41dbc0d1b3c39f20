import type { EventEnvelope } from '@smartserver/contracts';
import type { Transaction } from 'kysely';
import { customerForMail } from '../customers/customer-store.ts';
import type { NotificationTables } from '../db.ts';
import { transferredLetter } from '../emails/letters.ts';
import { type MailingDeps, tellContacts } from '../emails/mailing-service.ts';

/** Tells the contacts of an account which licenses were transferred to it. */
export const onLicensesTransferred =
  (deps: MailingDeps) =>
  async (trx: Transaction<NotificationTables>, event: EventEnvelope<'licenses.transferred.1'>): Promise<void> => {
    const { customerId, customerVersion } = event.data;
    const customer = await customerForMail(trx, customerId, customerVersion);
    await tellContacts(trx, deps, {
      event,
      customer,
      subject: 'licenses_transferred',
      write: (to) => transferredLetter(to, event.data, event.occurredAt),
    });
  };

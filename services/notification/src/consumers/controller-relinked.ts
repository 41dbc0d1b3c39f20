import type { EventEnvelope } from '@smartserver/contracts';
import type { Transaction } from 'kysely';
import { customerForMail } from '../customers/customer-store.ts';
import type { NotificationTables } from '../db.ts';
import { relinkedLetter } from '../emails/letters.ts';
import { type MailingDeps, tellContacts } from '../emails/mailing-service.ts';

/**
 * Tells the contacts of every account concerned that a controller was taken over [domain.md rule 13]. Who is a contact of two
 * of them gets a letter for each: the letters name different accounts, which may belong to different partners.
 */
export const onControllerRelinked =
  (deps: MailingDeps) =>
  async (trx: Transaction<NotificationTables>, event: EventEnvelope<'controller.relinked.1'>): Promise<void> => {
    for (const customerId of new Set(event.data.customerIds)) {
      const customer = await customerForMail(trx, customerId);
      await tellContacts(trx, deps, {
        event,
        customer,
        subject: 'controller_relinked',
        write: (to) => relinkedLetter(to, event.data),
      });
    }
  };

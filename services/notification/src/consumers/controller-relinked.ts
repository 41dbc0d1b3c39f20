import type { EventEnvelope } from '@smartserver/contracts';
import type { Transaction } from 'kysely';
import { customerForMail } from '../customers/customer-store.ts';
import { relinkedEmail } from '../emails/event-emails.ts';
import { type MailingDeps, tellContacts } from '../emails/mailing-service.ts';
import type { Tables } from '../model/tables.ts';

/**
 * Tells the contacts of every account concerned that a controller was taken over [domain.md rule 13]. Who is a contact of two
 * of them gets an e-mail for each: they name different accounts, which may belong to different partners.
 */
export const onControllerRelinked =
  (deps: MailingDeps) =>
  async (trx: Transaction<Tables>, event: EventEnvelope<'controller.relinked.1'>): Promise<void> => {
    for (const customerId of new Set(event.data.customerIds)) {
      const customer = await customerForMail(trx, customerId);
      await tellContacts(trx, deps, {
        event,
        customer,
        subject: 'controller_relinked',
        write: (to) => relinkedEmail(to, event.data),
      });
    }
  };

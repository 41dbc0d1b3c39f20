import type { Language } from '@smartserver/contracts';
import type { Kysely, Transaction } from 'kysely';
import { UNSUBSCRIBABLE } from '../emails/email.ts';
import type { Tables } from '../model/tables.ts';
import { voidTo } from '../notices/void-service.ts';

/** Who gets e-mails about maintenance from whom; without a partner: from Customer Success. */
export type Subscription = { partnerId: string | null; recipient: string; language: Language };

export const findSubscription = (db: Kysely<Tables>, emailId: string): Promise<Subscription | undefined> =>
  db
    .selectFrom('emails')
    .select(['partner_id as partnerId', 'recipient', 'language'])
    .where('email_id', '=', emailId)
    .where('subject', 'in', UNSUBSCRIBABLE)
    .executeTakeFirst();

export const isSilenced = async (db: Kysely<Tables>, subscription: Subscription): Promise<boolean> => {
  const found = await db
    .selectFrom('silences')
    .select('email')
    .where('partner_id', 'is not distinct from', subscription.partnerId)
    .where('customer_id', 'is', null)
    .where('email', '=', subscription.recipient.toLowerCase())
    .where('reason', '=', 'unsubscribed')
    .executeTakeFirst();
  return found !== undefined;
};

/** From now on. What waits to be sent is cancelled. */
export const silence = async (
  trx: Transaction<Tables>,
  { partnerId, recipient }: Subscription,
  reason: 'unsubscribed' | 'bounced',
  since: Date,
): Promise<void> => {
  await trx
    .insertInto('silences')
    .values({ partner_id: partnerId, customer_id: null, email: recipient.toLowerCase(), reason, since })
    // Who has unsubscribed stays so, whatever a mail server says of the address.
    .onConflict((conflict) =>
      conflict
        .constraint('silences_once')
        .doUpdateSet({ reason, since })
        .where('silences.reason', '<>', 'unsubscribed'),
    )
    .execute();
  await voidTo(trx, partnerId, recipient);
};

export const unsilence = async (db: Kysely<Tables>, { partnerId, recipient }: Subscription): Promise<void> => {
  await db
    .deleteFrom('silences')
    .where('partner_id', 'is not distinct from', partnerId)
    .where('customer_id', 'is', null)
    .where('email', '=', recipient.toLowerCase())
    .where('reason', '=', 'unsubscribed')
    .execute();
};

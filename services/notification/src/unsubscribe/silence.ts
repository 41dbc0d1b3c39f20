import type { Transaction } from 'kysely';
import type { Tables } from '../model/tables.ts';
import { cancelNoticesTo } from '../notices/cancel.ts';

/** From now on no notices go to an address, of one partner or of Customer Success (null). What waits to be sent is cancelled. */
export const silence = async (
  trx: Transaction<Tables>,
  options: { partnerId: string | null; recipient: string } & Pick<Tables['silences'], 'reason' | 'since'>,
): Promise<void> => {
  const { partnerId, recipient, reason, since } = options;
  await trx
    .insertInto('silences')
    .values({ partner_id: partnerId, customer_id: null, email: recipient.toLowerCase(), reason, since })
    // An address that has unsubscribed remains so, whatever a mail server says of it.
    .onConflict((conflict) =>
      conflict
        .constraint('silences_once')
        .doUpdateSet({ reason, since })
        .where('silences.reason', '<>', 'unsubscribed'),
    )
    .execute();
  await cancelNoticesTo(trx, partnerId, recipient);
};

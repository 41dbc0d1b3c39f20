import type { EventEnvelope } from '@smartserver/contracts';
import type { ActivationTransaction } from '../db.ts';

/** Whose a customer is. A higher version only: news may come in any order. */
export const customerChanged = async (
  trx: ActivationTransaction,
  { data: { customerId, partnerId, version } }: EventEnvelope<'customer.changed.1'>,
): Promise<void> => {
  await trx
    .insertInto('customers')
    .values({ partner_id: partnerId, customer_id: customerId, version })
    .onConflict((conflict) =>
      conflict
        .column('customer_id')
        .doUpdateSet({ partner_id: partnerId, version })
        .where('customers.version', '<', version),
    )
    .execute();
};

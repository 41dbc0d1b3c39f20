import type { EventPayloads } from '@smartserver/contracts';
import type { Kysely, Transaction } from 'kysely';
import type { AccountTables } from '../db.ts';

/** Keeps what license tells of a license. News that came late, after a newer version, changes nothing. */
export const saveLicense = async (
  trx: Transaction<AccountTables>,
  news: EventPayloads['license.changed.1'],
): Promise<void> => {
  const state = {
    partner_id: news.partnerId,
    customer_id: news.owner === 'customer' ? news.customerId : null,
    standing: news.standing,
    version: news.version,
  };
  await trx
    .insertInto('licenses')
    .values({ license_id: news.licenseId, ...state })
    .onConflict((conflict) =>
      conflict.column('license_id').doUpdateSet(state).where('licenses.version', '<', news.version),
    )
    .execute();
};

/**
 * A license whose ID signs in: transferred to a customer, and not revoked. A suspended one does: its owner should see that it is.
 * Null for any other, unknown ones included: one statement, so that they take the same time.
 */
export const findSignInLicense = async (
  db: Kysely<AccountTables>,
  licenseId: string,
): Promise<{ licenseId: string; customerId: string } | null> => {
  const row = await db
    .selectFrom('licenses')
    .select(['license_id', 'customer_id'])
    .where('license_id', '=', licenseId)
    .where('customer_id', 'is not', null)
    .where('standing', '<>', 'revoked')
    .executeTakeFirst();
  return row === undefined || row.customer_id === null
    ? null
    : { licenseId: row.license_id, customerId: row.customer_id };
};

import { type Kysely, sql, type Transaction } from 'kysely';
import type { Tables } from './tables.ts';

type Silence = Pick<Tables['silences'], 'email' | 'reason' | 'since'>;

/** Of an account, with those of its whole partner; of a partner's digests; of Customer Success's (both null). */
export const listSilences = (
  db: Kysely<Tables>,
  of: { partnerId: string | null; customerId: string | null },
): Promise<Silence[]> =>
  db
    .selectFrom('silences')
    .select(['email', 'reason', 'since'])
    .where('partner_id', 'is not distinct from', of.partnerId)
    .where((eb) => eb.or([eb('customer_id', 'is', null), eb('customer_id', '=', of.customerId)]))
    .orderBy('email')
    .orderBy('since')
    .execute();

/** Settings that are saved give addresses that could not be reached another try: they may have been repaired. */
export const liftBounces = async (
  trx: Transaction<Tables>,
  partnerId: string | null,
  emails: readonly string[],
): Promise<void> => {
  await trx
    .deleteFrom('silences')
    .where('partner_id', 'is not distinct from', partnerId)
    .where('reason', '=', 'bounced')
    .where('email', '=', sql<string>`any(${emails.map((email) => email.toLowerCase())}::text[])`)
    .execute();
};

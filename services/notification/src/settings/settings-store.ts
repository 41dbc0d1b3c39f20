import type { PutDigestSettingsRequest, PutNotificationSettingsRequest } from '@smartserver/contracts';
import { type Kysely, sql, type Transaction } from 'kysely';
import type { Tables } from '../model/tables.ts';
import type { Silence, Versioned } from './settings.ts';

type Db = Kysely<Tables>;
type Trx = Transaction<Tables>;

const TELLING = ['recipients', 'thresholds', 'expirations', 'renewals', 'language', 'version'] as const;

export const findSettings = (
  db: Db,
  customerId: string,
): Promise<Versioned<PutNotificationSettingsRequest> | undefined> =>
  db
    .selectFrom('notification_settings')
    .select(['contacts', ...TELLING])
    .where('customer_id', '=', customerId)
    .executeTakeFirst();

/** Whoever changes settings holds the lock of their owner: of the customer, of the partner. */
export const saveSettings = async (
  trx: Trx,
  owner: { partnerId: string; customerId: string },
  settings: Versioned<PutNotificationSettingsRequest>,
): Promise<void> => {
  await trx
    .insertInto('notification_settings')
    .values({ partner_id: owner.partnerId, customer_id: owner.customerId, ...settings })
    .onConflict((conflict) => conflict.column('customer_id').doUpdateSet(settings))
    .execute();
};

export const findDigest = (
  db: Db,
  partnerId: string | null,
): Promise<Versioned<PutDigestSettingsRequest> | undefined> =>
  db
    .selectFrom('digest_settings')
    .select([...TELLING])
    .where('partner_id', 'is not distinct from', partnerId)
    .executeTakeFirst();

/**
 * @param lastDay the day that is over for these settings: what is due later is told by them. One that lies further back, because
 *   nothing could be told since, stays.
 */
export const saveDigest = async (
  trx: Trx,
  partnerId: string | null,
  settings: Versioned<PutDigestSettingsRequest>,
  lastDay: string,
): Promise<void> => {
  await trx
    .insertInto('digest_settings')
    .values({ partner_id: partnerId, ...settings, told_through: lastDay })
    .onConflict((conflict) =>
      conflict.column('partner_id').doUpdateSet({
        ...settings,
        told_through: sql<string>`least(digest_settings.told_through, ${lastDay}::date)`,
      }),
    )
    .execute();
};

/** Of an account, with those of its whole partner; of a partner's digests; of Customer Success's (both null). */
export const listSilences = (db: Db, of: { partnerId: string | null; customerId: string | null }): Promise<Silence[]> =>
  db
    .selectFrom('silences')
    .select(['email', 'reason', 'since'])
    .where('partner_id', 'is not distinct from', of.partnerId)
    .where((eb) => eb.or([eb('customer_id', 'is', null), eb('customer_id', '=', of.customerId)]))
    .orderBy('email')
    .orderBy('since')
    .execute();

/** Saved settings give addresses that could not be reached another try: they may have been mended. */
export const liftBounces = async (trx: Trx, partnerId: string | null, emails: readonly string[]): Promise<void> => {
  await trx
    .deleteFrom('silences')
    .where('partner_id', 'is not distinct from', partnerId)
    .where('reason', '=', 'bounced')
    .where('email', '=', sql<string>`any(${emails.map((email) => email.toLowerCase())}::text[])`)
    .execute();
};

/** Customer Success is no row: changes of its settings, which may have none yet, take turns by this. */
export const lockStaffDigest = async (trx: Trx): Promise<void> => {
  await sql`select pg_advisory_xact_lock(hashtextextended('digest of customer success', 0))`.execute(trx);
};

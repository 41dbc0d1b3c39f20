import type { Tenant } from '@smartserver/service-kit';
import { type Kysely, sql, type Transaction } from 'kysely';
import type { Tables } from '../model/tables.ts';
import { ownedBy } from '../tenancy.ts';
import type { Day } from './day.ts';
import type { Digest } from './digest.ts';

type Trx = Transaction<Tables>;

const COLUMNS = sql`
  partner_id as "partnerId", told_through::text as "toldThrough", recipients, thresholds, expirations, renewals, language,
  coalesce((select array_agg(email) from silences
    where silences.partner_id is not distinct from digest_settings.partner_id and silences.customer_id is null), '{}') as silenced`;

type Row = Omit<Digest, 'silenced'> & { silenced: string[] };

const toDigest = (row: Row): Digest => ({ ...row, silenced: new Set(row.silenced) });

/** Takes digests that have not been told up to today; another process takes others. */
export const takeDueDigest = async (trx: Trx, today: Day): Promise<Digest | undefined> => {
  const { rows } = await sql<Row>`
    select ${COLUMNS} from digest_settings where told_through < ${today}::date
    order by told_through limit 1 for no key update skip locked`.execute(trx);
  return rows.map(toDigest)[0];
};

/** Those of the partners, and of Customer Success, that want to know of renewals. */
export const digestsOfRenewals = async (trx: Trx, partnerIds: readonly string[]): Promise<Digest[]> => {
  const { rows } = await sql<Row>`
    select ${COLUMNS} from digest_settings
    where renewals and (partner_id is null or partner_id = any(${[...new Set(partnerIds)]}::uuid[]))`.execute(trx);
  return rows.map(toDigest);
};

export const setToldThrough = async (trx: Trx, partnerId: string | null, day: Day): Promise<void> => {
  await sql`
    update digest_settings set told_through = ${day}::date
    where partner_id is not distinct from ${partnerId}::uuid`.execute(trx);
};

/** Those that the caller may see, by their partner; Customer Success's own by null. */
export const visibleDigests = async (db: Kysely<Tables>, tenant: Tenant): Promise<Map<string | null, Digest>> => {
  const { rows } = await sql<Row>`
    select ${COLUMNS} from digest_settings
    where recipients <> '{}' and ${ownedBy(tenant, 'digest_settings')}`.execute(db);
  return new Map(rows.map((row) => [row.partnerId, toDigest(row)]));
};

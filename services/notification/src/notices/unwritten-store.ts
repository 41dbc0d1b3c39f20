import type { Language } from '@smartserver/contracts';
import { type Kysely, type RawBuilder, type SqlBool, sql, type Transaction } from 'kysely';
import type { Tables } from '../model/tables.ts';
import type { Day } from './day.ts';
import type { NoticeLine } from './notice-email.ts';

type Db = Kysely<Tables>;
type Trx = Transaction<Tables>;

/** Whose e-mails: a partner's about its accounts, or Customer Success's digests (null). */
type Owner = string | null;

/** An e-mail to be written: all that one address, in lower case, is to be told. */
export type Unwritten = { recipient: string; renewed: boolean };

export type UnwrittenLine = NoticeLine & {
  customerId: string;
  /** As it was given. */
  email: string;
  name: string;
  language: Language;
  audience: 'account' | 'partner' | 'staff';
};

const of = (owner: Owner): RawBuilder<SqlBool> =>
  owner === null ? sql`notices.partner_id is null` : sql`notices.partner_id = ${owner}::uuid`;

export const ownersWithUnwritten = async (db: Db): Promise<Owner[]> => {
  const { rows } = await sql<{ partner_id: Owner }>`
    select distinct partner_id from notices where email_id is null and not void`.execute(db);
  return rows.map((row) => row.partner_id);
};

/**
 * Whether all that is to be told up to today has been found out, of a partner's licenses and digests: before that, an e-mail might
 * not be the only one of the day.
 */
export const isFoundOut = async (db: Db, owner: Owner, today: Day): Promise<boolean> => {
  const { rows } = await sql<{ ready: boolean }>`
    select not exists (
      select from maintenance_terms term join customers using (customer_id)
      where term.partner_id = ${owner}::uuid and term.next_notice_on <= ${today}::date
    ) and not exists (
      select from digest_settings digest
      where digest.partner_id is not distinct from ${owner}::uuid and digest.told_through < ${today}::date
    ) as ready`.execute(db);
  return rows[0]?.ready ?? false;
};

/** Up to `limit` e-mails to be written, in order; those that another process is writing are left to it. */
export const takeUnwritten = async (
  trx: Trx,
  owner: Owner,
  after: Unwritten | null,
  limit: number,
): Promise<(Unwritten & { taken: boolean })[]> => {
  const { recipient, renewed } = after ?? { recipient: '', renewed: false };
  const { rows } = await sql<Unwritten & { taken: boolean }>`
    with unwritten as materialized (
      select lower(recipient) as recipient, threshold is null as renewed from notices
      where email_id is null and not void and ${of(owner)}
        and (lower(recipient), threshold is null) > (${recipient}, ${renewed}::boolean)
      group by 1, 2 order by 1, 2 limit ${limit}
    )
    select *, pg_try_advisory_xact_lock(hashtextextended(concat_ws(' ', 'notices', ${owner}::text, recipient), 0)) as taken
    from unwritten`.execute(trx);
  return rows;
};

type Counted = {
  /** All, and of them those that have expired. */
  count: number;
  expired: number;
  oneAccount: boolean;
};

/** Puts the notices into an e-mail. @returns its first lines, the earliest expiry first, and what there is in all */
export const putIntoEmail = async (
  trx: Trx,
  owner: Owner,
  { recipient, renewed }: Unwritten,
  email: { emailId: string; limit: number; now: Date },
): Promise<Counted & { lines: UnwrittenLine[] }> => {
  await sql`
    update notices set email_id = ${email.emailId}
    where email_id is null and not void and ${of(owner)} and lower(recipient) = ${recipient}
      and (threshold is null) = ${renewed}::boolean`.execute(trx);
  const { rows } = await sql<UnwrittenLine & Counted>`
    select notices.license_id as "licenseId", coalesce(partners.name, '') as "partnerName", customers.name as "customerName",
      coalesce(term.segment_name, '') as "segmentName", coalesce(term.install_code, '') as "installCode",
      notices.device_count as "deviceCount", notices.expires_at as "expiresAt", notices.customer_id as "customerId",
      notices.recipient as email, notices.recipient_name as name, notices.language, notices.audience,
      (
        select coalesce(sum(renewal.device_count), 0)::int from maintenance_terms renewal
        where renewal.renews = notices.license_id and renewal.standing = 'good' and renewal.expires_at is null
      ) as "boughtDevices",
      (count(*) over ())::int as count, (count(*) filter (where notices.expires_at <= ${email.now}) over ())::int as expired,
      (min(notices.customer_id::text) over () = max(notices.customer_id::text) over ()
        and bool_and(notices.audience = 'account') over ()) as "oneAccount"
    from notices
      join maintenance_terms term using (license_id)
      join customers on customers.customer_id = notices.customer_id
      left join partners on partners.partner_id = term.partner_id
    where notices.email_id = ${email.emailId}
    order by notices.expires_at, notices.license_id limit ${email.limit}`.execute(trx);
  const { count, expired, oneAccount } = rows[0] ?? { count: 0, expired: 0, oneAccount: false };
  return { lines: rows, count, expired, oneAccount };
};

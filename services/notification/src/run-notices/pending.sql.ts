import type { Language } from '@smartserver/contracts';
import { type Kysely, type RawBuilder, type SqlBool, sql, type Transaction } from 'kysely';
import type { Tables } from '../model/tables.ts';
import type { Day } from '../notices/day.ts';
import type { NoticeLine } from '../notices/email.ts';
import type { Audience } from '../notices/rule.ts';

type Db = Kysely<Tables>;
type Trx = Transaction<Tables>;

/** Whose e-mails: a partner's about its accounts, or Customer Success's digests (null). */
type Owner = string | null;

/** Notices of one address, in lower case, that are to go into one e-mail. */
export type PendingEmail = { recipient: string; renewed: boolean };

type Line = NoticeLine & {
  customerId: string;
  /** As it was given. */
  email: string;
  name: string;
  language: Language;
  audience: Audience;
};

/** Of all notices of an e-mail: how many there are, and of them those that have expired. */
type Totals = { count: number; expired: number; oneAccount: boolean };

/** Notices without an e-mail. */
const pendingOf = (owner: Owner): RawBuilder<SqlBool> => sql`email_id is null and not void
  and ${owner === null ? sql`notices.partner_id is null` : sql`notices.partner_id = ${owner}::uuid`}`;

export const listOwners = async (db: Db): Promise<Owner[]> => {
  const { rows } = await sql<{ partner_id: Owner }>`
    select distinct partner_id from notices where email_id is null and not void`.execute(db);
  return rows.map((row) => row.partner_id);
};

/** Whether all notices up to today are made, of a partner's licenses and digest: before that, an e-mail might not be the only one of the day. */
export const areNoticesMade = async (db: Db, owner: Owner, today: Day): Promise<boolean> => {
  const { rows } = await sql<{ made: boolean }>`
    select not exists (
      select from maintenance_terms term join customers using (customer_id)
      where term.partner_id = ${owner}::uuid and term.next_notice_on <= ${today}::date
    ) and not exists (
      select from digest_settings digest
      where digest.partner_id is not distinct from ${owner}::uuid and digest.told_through < ${today}::date
    ) as made`.execute(db);
  return rows[0]?.made ?? false;
};

/** Up to `limit` e-mails to be written, in order; those that another process writes are not locked here. */
export const lockPending = async (
  trx: Trx,
  owner: Owner,
  after: PendingEmail | null,
  limit: number,
): Promise<(PendingEmail & { locked: boolean })[]> => {
  const { recipient, renewed } = after ?? { recipient: '', renewed: false };
  const { rows } = await sql<PendingEmail & { locked: boolean }>`
    with pending as materialized (
      select lower(recipient) as recipient, threshold is null as renewed from notices
      where ${pendingOf(owner)} and (lower(recipient), threshold is null) > (${recipient}, ${renewed}::boolean)
      group by 1, 2 order by 1, 2 limit ${limit}
    )
    select *, pg_try_advisory_xact_lock(hashtextextended(concat_ws(' ', 'notices', ${owner}::text, recipient), 0)) as locked
    from pending`.execute(trx);
  return rows;
};

/** @returns the first lines of the e-mail, the earliest expiry first, and what there is in all */
export const collectIntoEmail = async (
  trx: Trx,
  owner: Owner,
  { recipient, renewed }: PendingEmail,
  email: { emailId: string; limit: number; now: Date },
): Promise<Totals & { lines: Line[] }> => {
  await sql`
    update notices set email_id = ${email.emailId}
    where ${pendingOf(owner)} and lower(recipient) = ${recipient} and (threshold is null) = ${renewed}::boolean`.execute(
    trx,
  );
  const { rows } = await sql<Line & Totals>`
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

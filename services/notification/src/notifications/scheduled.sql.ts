import type { Tenant } from '@smartserver/service-kit';
import { type Kysely, sql } from 'kysely';
import { anyOf, selectTerms } from '../model/maintenance-term.sql.ts';
import type { Tables } from '../model/tables.ts';
import { visibleDigests, visibleTerms } from '../tenancy.ts';
import { madeKey, type Place, type Planned } from './scheduled.ts';

type Db = Kysely<Tables>;

export type PlanFilter = { tenant: Tenant; customerId: string | null };

/** Licenses with a notice to come, from a place on: up to `limit` for accounts, partners and staff each. */
export const findPlanned = async (db: Db, filter: PlanFilter, from: Place, limit: number): Promise<Planned[]> => [
  ...(await plannedForAccounts(db, filter, from, limit)),
  ...(await plannedForDigests(db, filter, 'partner', from, limit)),
  ...(await plannedForDigests(db, filter, 'staff', from, limit)),
];

type Row = Planned['term'] & Pick<Planned, 'day'>;

const toPlanned =
  (audience: Planned['audience']) =>
  ({ day, ...term }: Row): Planned => ({ term, audience, day });

const selectVisible = (db: Db, { tenant, customerId }: PlanFilter) =>
  selectTerms(db)
    .where(visibleTerms(tenant))
    .$if(customerId !== null, (qb) => qb.where('maintenance_terms.customer_id', '=', customerId));

/** In the order in which the run takes them, without those that have only webhooks left, or no recipient. */
const plannedForAccounts = async (db: Db, filter: PlanFilter, from: Place, limit: number): Promise<Planned[]> => {
  const rows = await selectVisible(db, filter)
    .select(sql<string>`next_notice_on::text`.as('day'))
    .where(
      sql<boolean>`next_notice_on >= ${from.day}::date and (next_notice_on, license_id) >= (${from.day}::date, ${from.licenseId}::uuid)`,
    )
    .where(sql<boolean>`next_notice_on <= (expires_at at time zone 'UTC')::date`)
    .where(
      sql<boolean>`exists (
        select from customers left join notification_settings as settings using (customer_id)
        where customers.customer_id = maintenance_terms.customer_id and coalesce(settings.expirations, true)
          and (settings.recipients <> '{}' or (coalesce(settings.contacts, true) and customers.contacts <> '[]')))`,
    )
    .orderBy('next_notice_on')
    .orderBy('license_id')
    .limit(limit)
    .execute();
  return (rows as Row[]).map(toPlanned('account'));
};

/**
 * Of digests the next day of a license follows from its expiry: between two thresholds, the nearer one is next. So each threshold has
 * its own range of the index by expiry, in order, and a page reads no more than its length of each.
 */
const plannedForDigests = async (
  db: Db,
  filter: PlanFilter,
  audience: 'partner' | 'staff',
  from: Place,
  limit: number,
): Promise<Planned[]> => {
  const isStaff = audience === 'staff';
  const expiresOn = sql<string>`(maintenance_terms.expires_at at time zone 'UTC')::date`;
  const query = selectVisible(db, filter)
    .select(sql<string>`(${expiresOn} - range.days)::text`.as('day'))
    .where('install_code', 'is not', null)
    .where('standing', '=', 'good')
    .where('customer_id', 'is not', null)
    .$if(!isStaff, (qb) => qb.where(sql<boolean>`maintenance_terms.partner_id = range.partner_id`))
    .where(sql<boolean>`${expiresOn} > range.told_through + range.days`)
    .where(sql<boolean>`${expiresOn} <= range.told_through + range.next_days`)
    .where(sql<boolean>`(${expiresOn}, license_id) >= (${from.day}::date + range.days, ${from.licenseId}::uuid)`)
    .orderBy(expiresOn)
    .orderBy('license_id')
    .limit(limit);
  const { rows } = await sql<Row>`
    with range as (
      select partner_id, told_through, days,
        lead(days, 1, 1000000) over (partition by partner_id order by days) as next_days
      from digest_settings, unnest(thresholds) as days
      where expirations and recipients <> '{}' and ${visibleDigests(filter.tenant)}
        and (partner_id is null) = ${isStaff}::boolean
    )
    select found.* from range cross join lateral (${query}) as found
    order by day, "licenseId" limit ${limit}`.execute(db);
  return rows.map(toPlanned(audience));
};

/** The notices of these licenses that were made already, by `madeKey`. */
export const noticesMadeOf = async (db: Db, terms: readonly { licenseId: string }[]): Promise<Set<string>> => {
  const rows = await db
    .selectFrom('notices')
    .select(['license_id', 'expires_at', 'threshold', 'recipient'])
    .where('license_id', '=', anyOf(terms.map(({ licenseId }) => licenseId)))
    .where('threshold', 'is not', null)
    .execute();
  return new Set(rows.map((row) => madeKey(row.license_id, row.expires_at, row.threshold, row.recipient)));
};

import { type Kysely, type SelectQueryBuilder, sql, type Transaction } from 'kysely';
import type { Tables } from '../model/tables.ts';
import type { Day } from './day.ts';
import type { Renewal } from './notice.ts';

type Db = Kysely<Tables>;
type Trx = Transaction<Tables>;

/** A term with what notices say of it. */
export type KnownTerm = Renewal & {
  partnerId: string;
  customerId: string | null;
  segmentName: string | null;
  startsAt: Date | null;
  renewal: 'untold' | 'due' | 'told';
  nextNoticeOn: Day | null;
};

/** A term in an account: one that is on a controller is in one. */
export type AccountTerm = KnownTerm & { customerId: string };

/** Takes the columns of a term. */
export const columns = <O>(query: SelectQueryBuilder<Tables, 'maintenance_terms', O>) =>
  query.select([
    'maintenance_terms.license_id as licenseId',
    'maintenance_terms.device_count as deviceCount',
    'maintenance_terms.standing',
    'maintenance_terms.install_code as installCode',
    'maintenance_terms.expires_at as expiresAt',
    'maintenance_terms.partner_id as partnerId',
    'maintenance_terms.customer_id as customerId',
    'maintenance_terms.renews',
    'maintenance_terms.segment_name as segmentName',
    'maintenance_terms.starts_at as startsAt',
    'maintenance_terms.first_moved_at as firstMovedAt',
    'maintenance_terms.first_activated_at as firstActivatedAt',
    'maintenance_terms.renewal',
    sql<Day | null>`maintenance_terms.next_notice_on::text`.as('nextNoticeOn'),
  ]);

const terms = (db: Db) => columns(db.selectFrom('maintenance_terms'));

/** In the order in which all that change several of them lock them. */
export const lockTerms = (trx: Trx, licenseIds: readonly string[]): Promise<KnownTerm[]> =>
  terms(trx)
    .where('license_id', '=', sql<string>`any(${[...licenseIds]}::uuid[])`)
    .orderBy('license_id')
    .forNoKeyUpdate()
    .execute();

/** Those on controllers. */
export const licensesOnControllers = async (db: Db, customerId: string): Promise<string[]> => {
  const rows = await db
    .selectFrom('maintenance_terms')
    .select('license_id')
    .where('customer_id', '=', customerId)
    .where('install_code', 'is not', null)
    .execute();
  return rows.map((row) => row.license_id);
};

/** Accounts that are not known here yet are not asked for: nobody knows whom to tell. */
const inKnownAccount = sql<boolean>`exists (
  select from customers where customers.customer_id = maintenance_terms.customer_id)`;

/** Takes a batch of licenses of which there may be something to tell; another process, at the same time, takes others. */
export const takeDueTerms = (trx: Trx, today: Day, limit: number): Promise<AccountTerm[]> =>
  terms(trx)
    .where(sql<boolean>`next_notice_on <= ${today}::date`)
    .where(inKnownAccount)
    .orderBy('next_notice_on')
    .limit(limit)
    .forNoKeyUpdate()
    .skipLocked()
    .execute() as Promise<AccountTerm[]>;

/** The same for renewals that have not been told. */
export const takeRenewals = (trx: Trx, limit: number): Promise<AccountTerm[]> =>
  terms(trx)
    .where('renewal', '=', 'due')
    .where(inKnownAccount)
    .orderBy('license_id')
    .limit(limit)
    .forNoKeyUpdate()
    .skipLocked()
    .execute() as Promise<AccountTerm[]>;

/** A page of the licenses on controllers that expire on one of the days: of a partner, or of all. They are held. */
export const expiringTerms = (
  trx: Trx,
  options: { partnerId: string | null; days: readonly Day[]; after: string | null; limit: number },
): Promise<AccountTerm[]> =>
  terms(trx)
    .where(sql<string>`(expires_at at time zone 'UTC')::date`, '=', sql<string>`any(${[...options.days]}::date[])`)
    .where('install_code', 'is not', null)
    .where('standing', '=', 'good')
    .$if(options.partnerId !== null, (query) => query.where('partner_id', '=', options.partnerId))
    .$if(options.after !== null, (query) => query.where('license_id', '>', options.after))
    .orderBy('license_id')
    .limit(options.limit)
    .forShare()
    .execute() as Promise<AccountTerm[]>;

/** The renewals of each of the licenses, whatever has become of them. */
export const renewalsOf = async (
  db: Db,
  licenseIds: readonly string[],
): Promise<(licenseId: string) => KnownTerm[]> => {
  const found = await terms(db)
    .where('renews', '=', sql<string>`any(${[...licenseIds]}::uuid[])`)
    .execute();
  const byRenewed = new Map<string, KnownTerm[]>();
  for (const term of found) {
    const renewed = term.renews ?? '';
    byRenewed.set(renewed, [...(byRenewed.get(renewed) ?? []), term]);
  }
  return (licenseId) => byRenewed.get(licenseId) ?? [];
};

import { type Expression, type SqlBool, sql } from 'kysely';
import type { ActivationTransaction, Executor, LicenseRow } from '../db.ts';
import { type RenewedLicense, type Term, termOf } from './term.ts';

type ChainLink = RenewedLicense & { license_id: string };

/** What whoever names a license learns of it, and needs to place it. */
export type VisibleLicense = Pick<LicenseRow, 'partner_id' | 'customer_id' | 'kind' | 'device_count' | 'standing'>;

export const findLicense = (
  executor: Executor,
  licenseId: string,
  visible: Expression<SqlBool>,
): Promise<VisibleLicense | undefined> =>
  executor
    .selectFrom('licenses')
    .select(['partner_id', 'customer_id', 'kind', 'device_count', 'standing'])
    .where('license_id', '=', licenseId)
    .where(visible)
    .executeTakeFirst();

/** Locks licenses in the order that everything here locks them in. Lock the controllers before. */
export const lockLicenses = (trx: ActivationTransaction, licenseIds: readonly string[]): Promise<LicenseRow[]> =>
  trx
    .selectFrom('licenses')
    .selectAll()
    .where('license_id', '=', sql<string>`any(${[...licenseIds]}::uuid[])`)
    .orderBy('license_id')
    .forNoKeyUpdate()
    .execute();

/**
 * The license that another one renews, and those that it renews itself, oldest first: as far back as the nearest that has a term,
 * which says all about those before it.
 */
export const renewedBy = async (executor: Executor, renews: string): Promise<ChainLink[]> => {
  const { rows } = await sql<ChainLink>`
    with recursive chain as (
      select license_id, renews, first_activated_at, starts_at, expires_at, term_years, 1 as depth
      from licenses where license_id = ${renews}
      union all
      select l.license_id, l.renews, l.first_activated_at, l.starts_at, l.expires_at, l.term_years, c.depth + 1
      from licenses l join chain c on l.license_id = c.renews
      where c.expires_at is null and c.depth < 100
    )
    select license_id, first_activated_at, starts_at, expires_at, term_years from chain order by depth desc`.execute(
    executor,
  );
  return rows;
};

/**
 * Terms of those of the licenses that start now. What they renew has to be read for it; a license that is activated together
 * with the one it renews starts after it.
 * @returns one entry per License ID, in their order; null where there is no term to start
 */
export const startingTerms = async (
  executor: Executor,
  licenseIds: readonly string[],
  now: Date,
): Promise<(Term | null)[]> => {
  const starting = await executor
    .selectFrom('licenses')
    .select(['license_id', 'renews', 'term_years'])
    .where('license_id', '=', sql<string>`any(${[...licenseIds]}::uuid[])`)
    .where('term_years', 'is not', null)
    .where('first_activated_at', 'is', null)
    .execute();
  const terms = new Map<string, Term>();
  for (const { license_id, renews, term_years } of starting) {
    if (term_years === null) continue;
    const renewed = renews === null ? [] : await renewedBy(executor, renews);
    const chain = renewed.map((link) => ({
      ...link,
      first_activated_at: link.first_activated_at ?? (licenseIds.includes(link.license_id) ? now : null),
    }));
    terms.set(license_id, termOf(chain, { firstActivatedAt: now, termYears: term_years }));
  }
  return licenseIds.map((id) => terms.get(id) ?? null);
};

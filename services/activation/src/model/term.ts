import type { LicenseKind } from '@smartserver/contracts';
import { addYears, type MaintenanceLink, maintenanceTerm } from '@smartserver/rules';
import { sql } from 'kysely';
import type { Executor, LicenseRow } from './tables.ts';

/** A term of maintenance, half open. */
export type Term = { startsAt: Date; expiresAt: Date };

/** Longest term that is sold, in years. */
const MAX_TERM_YEARS = 10;

/** When a license whose term starts now would expire, by its years: the first element is one year's. */
export const termsFrom = (now: Date): Date[] =>
  Array.from({ length: MAX_TERM_YEARS }, (_, index) => addYears(now, index + 1));

/** What is kept of a term. */
export const TERM_COLUMNS = ['first_activated_at', 'starts_at', 'expires_at', 'term_years'] as const;

/** A license that is renewed, as far as the term of its renewal depends on it. */
export type RenewedLicense = Pick<LicenseRow, (typeof TERM_COLUMNS)[number]>;

/**
 * The term of a license. It is computed once, at the first activation, and kept: documents that name it are out in the
 * field. [domain.md rule 6]
 * @param renewed the licenses that this one renews, oldest first, from the nearest that has a term on. Those that were never
 *   active have no term to wait for.
 */
export const termOf = (renewed: readonly RenewedLicense[], license: MaintenanceLink): Term => {
  const begun = renewed.flatMap((link) => {
    // A term that is dated does not move, whatever was activated since.
    const firstActivatedAt = startOf(link) ?? link.first_activated_at;
    return firstActivatedAt === null || link.term_years === null
      ? []
      : [{ firstActivatedAt, termYears: link.term_years }];
  });
  return maintenanceTerm([...begun, license]);
};

/**
 * When the term of a license starts; null: it has none, or it has not been dated. Where an earlier version of this service has
 * dated it while both were running, only its end is kept.
 */
export const startOf = ({ first_activated_at, starts_at, expires_at, term_years }: RenewedLicense): Date | null => {
  if (starts_at !== null || expires_at === null || term_years === null) return starts_at;
  const began =
    first_activated_at !== null && addYears(first_activated_at, term_years).getTime() === expires_at.getTime();
  return began ? first_activated_at : addYears(expires_at, -term_years);
};

/** Whether a license of this kind has a term at all: capacity and core never expire [V]. */
export const hasTerm = (kind: LicenseKind): boolean => kind === 'maintenance' || kind === 'remote_cms';

type ChainLink = RenewedLicense & { license_id: string };

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
export const startingTerms = async (executor: Executor, licenseIds: readonly string[], now: Date) => {
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

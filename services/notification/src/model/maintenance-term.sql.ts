import { type InferResult, type Kysely, sql, type Transaction } from 'kysely';
import type { Tables } from './tables.ts';

/** A maintenance license, as the events of license and activation describe it. */
export type MaintenanceTerm = InferResult<ReturnType<typeof selectTerms>>[number];

/** One in an account: every license on a controller is. */
export type AccountTerm = MaintenanceTerm & { customerId: string };

export const selectTerms = (db: Kysely<Tables>) =>
  db
    .selectFrom('maintenance_terms')
    .select([
      'maintenance_terms.license_id as licenseId',
      'maintenance_terms.partner_id as partnerId',
      'maintenance_terms.customer_id as customerId',
      'maintenance_terms.device_count as deviceCount',
      'maintenance_terms.renews',
      'maintenance_terms.standing',
      'maintenance_terms.first_activated_at as firstActivatedAt',
      'maintenance_terms.install_code as installCode',
      'maintenance_terms.segment_name as segmentName',
      'maintenance_terms.first_moved_at as firstMovedAt',
      'maintenance_terms.starts_at as startsAt',
      'maintenance_terms.expires_at as expiresAt',
      'maintenance_terms.renewal',
      sql<string | null>`maintenance_terms.next_notice_on::text`.as('nextNoticeOn'),
    ]);

/** For `license_id = any of …`. */
export const anyOf = (licenseIds: readonly (string | null)[]) => sql<string>`any(${[...licenseIds]}::uuid[])`;

/** In the order in which all that change several of them lock them. */
export const lockTerms = (trx: Transaction<Tables>, licenseIds: readonly string[]): Promise<MaintenanceTerm[]> =>
  selectTerms(trx).where('license_id', '=', anyOf(licenseIds)).orderBy('license_id').forNoKeyUpdate().execute();

/** By license: the licenses that were bought to renew it, whatever has become of them. */
export const renewalsOf = async (
  db: Kysely<Tables>,
  terms: readonly Pick<MaintenanceTerm, 'licenseId'>[],
): Promise<(licenseId: string) => MaintenanceTerm[]> => {
  const licenseIds = terms.map(({ licenseId }) => licenseId);
  const byRenewed = new Map<string | null, MaintenanceTerm[]>();
  for (const term of await selectTerms(db).where('renews', '=', anyOf(licenseIds)).execute()) {
    byRenewed.set(term.renews, [...(byRenewed.get(term.renews) ?? []), term]);
  }
  return (licenseId) => byRenewed.get(licenseId) ?? [];
};

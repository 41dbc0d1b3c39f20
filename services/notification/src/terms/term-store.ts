import type { EventPayloads } from '@smartserver/contracts';
import { type Kysely, sql, type Transaction } from 'kysely';
import type { Tables } from '../model/tables.ts';

type Moves = EventPayloads['licenses.returned.1'] & { onController: boolean };

/** Takes over what the license service says of a maintenance license; an older or equal version changes nothing. */
export const saveLicense = async (
  trx: Transaction<Tables>,
  license: EventPayloads['license.changed.1'],
): Promise<void> => {
  const said = {
    partner_id: license.partnerId,
    customer_id: license.customerId,
    version: license.version,
    device_count: license.deviceCount,
    renews: license.renews,
    standing: license.standing,
    first_activated_at: license.firstActivatedAt === null ? null : new Date(license.firstActivatedAt),
  };
  await trx
    .insertInto('maintenance_terms')
    .values({ license_id: license.licenseId, ...said })
    .onConflict((conflict) =>
      conflict.column('license_id').doUpdateSet(said).where('maintenance_terms.version', '<', license.version),
    )
    .execute();
};

/**
 * Takes over moves of maintenance licenses. Only the latest one says where a license is; each tells of the first, and of a
 * term that has been dated once and for all.
 */
export const saveMoves = async (trx: Transaction<Tables>, moves: Moves): Promise<void> => {
  // In one order, so that two transactions do not wait for each other.
  const licenses = moves.licenses.toSorted((a, b) => (a.licenseId < b.licenseId ? -1 : 1));
  for (const license of licenses) {
    const place = moves.onController
      ? { install_code: moves.installCode, segment_name: moves.segmentName }
      : { install_code: null, segment_name: null };
    const newer = sql<boolean>`maintenance_terms.activation_version < ${license.activationVersion}`;
    await trx
      .insertInto('maintenance_terms')
      .values({
        license_id: license.licenseId,
        partner_id: moves.partnerId,
        customer_id: moves.customerId,
        device_count: license.deviceCount,
        activation_version: license.activationVersion,
        first_moved_at: new Date(license.activatedAt),
        starts_at: license.startsAt === null ? null : new Date(license.startsAt),
        expires_at: license.expiresAt === null ? null : new Date(license.expiresAt),
        ...place,
      })
      .onConflict((conflict) =>
        conflict.column('license_id').doUpdateSet((eb) => ({
          activation_version: sql<number>`greatest(maintenance_terms.activation_version, excluded.activation_version)`,
          install_code: eb
            .case()
            .when(newer)
            .then(place.install_code)
            .else(eb.ref('maintenance_terms.install_code'))
            .end(),
          segment_name: eb
            .case()
            .when(newer)
            .then(place.segment_name)
            .else(eb.ref('maintenance_terms.segment_name'))
            .end(),
          first_moved_at: sql<Date>`least(maintenance_terms.first_moved_at, excluded.first_moved_at)`,
          starts_at: sql<Date>`coalesce(maintenance_terms.starts_at, excluded.starts_at)`,
          expires_at: sql<Date>`coalesce(maintenance_terms.expires_at, excluded.expires_at)`,
        })),
      )
      .execute();
  }
};

/** The licenses, and those that they renew: what is told of either may depend on the other. */
export const withRenewed = async (db: Kysely<Tables>, licenseIds: readonly string[]): Promise<string[]> => {
  const rows = await db
    .selectFrom('maintenance_terms')
    .select('renews')
    .where('license_id', '=', sql<string>`any(${[...licenseIds]}::uuid[])`)
    .where('renews', 'is not', null)
    .execute();
  return [...new Set([...licenseIds, ...rows.flatMap((row) => row.renews ?? [])])];
};

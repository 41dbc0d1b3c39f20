import type { EventEnvelope } from '@smartserver/contracts';
import { project } from '@smartserver/service-kit';
import { sql, type Transaction } from 'kysely';
import type { Deps } from '../deps.ts';
import { anyOf } from '../model/maintenance-term.sql.ts';
import type { Tables } from '../model/tables.ts';
import { addDays, dayOf, later } from '../notices/day.ts';
import { replan } from '../notices/plan.ts';

type Trx = Transaction<Tables>;
type Moves = EventEnvelope<'licenses.activated.1' | 'licenses.returned.1'>;

/** What license says of a maintenance license; of other kinds there are no notices. */
export const projectLicense = async (
  trx: Trx,
  deps: Pick<Deps, 'clock'>,
  event: EventEnvelope<'license.changed.1'>,
): Promise<void> => {
  const license = event.data;
  if (license.kind !== 'maintenance') return;
  const row = {
    license_id: license.licenseId,
    partner_id: license.partnerId,
    customer_id: license.customerId,
    version: license.version,
    device_count: license.deviceCount,
    renews: license.renews,
    standing: license.standing,
    first_activated_at: license.firstActivatedAt === null ? null : new Date(license.firstActivatedAt),
  };
  await project(trx, 'maintenance_terms', { key: ['license_id'] }, [row]);
  await replanWithRenewed(trx, deps, event, [license.licenseId]);
};

/**
 * What activation says of maintenance licenses that moved onto, or off, a controller. Only the latest move says where a license is;
 * each may bring the first activation, and the term, which is dated once and for all.
 */
export const projectMoves = async (trx: Trx, deps: Pick<Deps, 'clock'>, event: Moves): Promise<void> => {
  const { installCode, segmentName, partnerId, customerId } = event.data;
  const isOn = event.type === 'licenses.activated.1';
  const rows = event.data.licenses
    .filter((license) => license.kind === 'maintenance')
    // In one order, so that two transactions do not wait for each other.
    .toSorted((a, b) => (a.licenseId < b.licenseId ? -1 : 1))
    .map((license) => ({
      license_id: license.licenseId,
      partner_id: partnerId,
      customer_id: customerId,
      device_count: license.deviceCount,
      activation_version: license.activationVersion,
      install_code: isOn ? installCode : null,
      segment_name: isOn ? segmentName : null,
      first_moved_at: new Date(license.activatedAt),
      starts_at: license.startsAt === null ? null : new Date(license.startsAt),
      expires_at: license.expiresAt === null ? null : new Date(license.expiresAt),
    }));
  if (rows.length === 0) return;
  const ofLatest = (column: string) => sql<string | null>`case
    when maintenance_terms.activation_version < excluded.activation_version then ${sql.ref(`excluded.${column}`)}
    else ${sql.ref(`maintenance_terms.${column}`)} end`;
  await trx
    .insertInto('maintenance_terms')
    .values(rows)
    .onConflict((conflict) =>
      conflict.column('license_id').doUpdateSet({
        activation_version: sql<number>`greatest(maintenance_terms.activation_version, excluded.activation_version)`,
        install_code: ofLatest('install_code'),
        segment_name: ofLatest('segment_name'),
        first_moved_at: sql<Date>`least(maintenance_terms.first_moved_at, excluded.first_moved_at)`,
        starts_at: sql<Date>`coalesce(maintenance_terms.starts_at, excluded.starts_at)`,
        expires_at: sql<Date>`coalesce(maintenance_terms.expires_at, excluded.expires_at)`,
      }),
    )
    .execute();
  await replanWithRenewed(
    trx,
    deps,
    event,
    rows.map((row) => row.license_id),
  );
};

/** An event that is so late is still in time for its day's notices; of what is older there are none. */
const LATE_DAYS = 7;

/** Plans the notices of the licenses, and of those that they renew: either may depend on the other. */
const replanWithRenewed = async (
  trx: Trx,
  { clock }: Pick<Deps, 'clock'>,
  { occurredAt }: Pick<EventEnvelope, 'occurredAt'>,
  licenseIds: readonly string[],
): Promise<void> => {
  const from = later(dayOf(new Date(occurredAt)), addDays(dayOf(clock.now()), -LATE_DAYS));
  const rows = await trx
    .selectFrom('maintenance_terms')
    .select('renews')
    .where('license_id', '=', anyOf(licenseIds))
    .where('renews', 'is not', null)
    .execute();
  await replan(trx, [...new Set([...licenseIds, ...rows.flatMap((row) => row.renews ?? [])])], from);
};

import type {
  ActorKind,
  AvailableLicense,
  ControllerLicense,
  EventPayloads,
  LicenseKind,
  LicenseStatus,
} from '@smartserver/contracts';
import { licenseStatus } from '@smartserver/rules';
import { type Expression, type SqlBool, sql } from 'kysely';
import type { Executor, LicenseRow, Trx } from './tables.ts';
import { hasTerm, startOf } from './term.ts';

/**
 * Which kinds of license an actor may put on a controller; asking for another one is Customer Success's to do
 * [domain.md, "Words" and "Who may do what"]. A CMS Owner activates everything but Remote CMS; a customer makes files for
 * capacity alone.
 */
export const activatableKinds = (actor: ActorKind): readonly LicenseKind[] => {
  switch (actor) {
    case 'staff':
      return ['capacity', 'maintenance', 'core', 'remote_cms'];
    case 'cms':
      return ['capacity', 'maintenance', 'core'];
    case 'customer':
      return ['capacity'];
    case 'partner_user':
    case 'api_client':
      return [];
  }
};

/** An instant inside JSON, written as `Date.toISOString` does. */
export const isoSql = (instant: string) => `to_char(${instant} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

/** The columns of a license that documents and events name. */
export const installedColumns = (l: string) =>
  `${l}.license_id, ${l}.kind, ${l}.device_count, ${l}.activation_id, ${l}.activated_at, ${l}.starts_at, ${l}.expires_at`;

/** A license on a controller, as documents and events name it: arguments of `json_build_object`. */
export const installedLicenseSql = (l: string) => `
  'licenseId', ${l}.license_id, 'kind', ${l}.kind, 'deviceCount', ${l}.device_count, 'activationId', ${l}.activation_id,
  'activatedAt', ${isoSql(`${l}.activated_at`)}, 'startsAt', ${isoSql(`${l}.starts_at`)}, 'expiresAt', ${isoSql(`${l}.expires_at`)}`;

/**
 * What `licenses.activated.1` and `licenses.returned.1` have in common.
 * @param c the row of `controllers`
 * @param moved the licenses in the state after the move, but with the activation it opened or ended, and their `position`
 */
export const licensesMovedSql = (c: string, moved: string) => `
  jsonb_build_object(
    'installCode', ${c}.install_code, 'segmentName', ${c}.segment_name, 'partnerId', ${c}.partner_id,
    'customerId', ${c}.customer_id, 'licenses', (
      select jsonb_agg(
        jsonb_build_object(${installedLicenseSql('m')}, 'activationVersion', m.activation_version) order by m.position)
      from ${moved} m))
  || coalesce(
    (select jsonb_build_object('customerVersion', k.version) from customers k where k.customer_id = ${c}.customer_id), '{}')`;

/** What its owner says of a license. */
export const toLicenseColumns = (state: EventPayloads['license.changed.1']) => ({
  partner_id: state.partnerId,
  customer_id: state.customerId,
  version: state.version,
  kind: state.kind,
  device_count: state.deviceCount,
  term_years: hasTerm(state.kind) ? state.termYears : null,
  renews: state.renews,
  owner: state.owner,
  standing: state.standing,
  note: state.note,
});

/** Whether the document of its controller has to say something different about it from now on. */
export const changesDocument = (before: LicenseRow, state: EventPayloads['license.changed.1']): boolean =>
  (before.standing === 'good') !== (state.standing === 'good') ||
  (state.standing === 'good' && (before.device_count !== state.deviceCount || before.kind !== state.kind));

/** What naming a license reveals of it, and what is needed to place it. */
export type VisibleLicense = Pick<LicenseRow, 'partner_id' | 'customer_id' | 'kind' | 'device_count' | 'standing'>;

export const findLicense = (executor: Executor, licenseId: string, visible: Expression<SqlBool>) =>
  executor
    .selectFrom('licenses')
    .select(['partner_id', 'customer_id', 'kind', 'device_count', 'standing'])
    .where('license_id', '=', licenseId)
    .where(visible)
    .executeTakeFirst();

/** Locks licenses in the order that everything here locks them in. Lock the controllers before. */
export const lockLicenses = (trx: Trx, licenseIds: readonly string[]): Promise<LicenseRow[]> =>
  trx
    .selectFrom('licenses')
    .selectAll()
    .where('license_id', '=', sql<string>`any(${[...licenseIds]}::uuid[])`)
    .orderBy('license_id')
    .forNoKeyUpdate()
    .execute();

const KIND_NAMES: Readonly<Record<LicenseKind, string>> = {
  capacity: 'Device capacity',
  maintenance: 'Maintenance',
  core: 'Core',
  remote_cms: 'Remote CMS',
};

const counted = (count: number, one: string): string => `${count} ${one}${count === 1 ? '' : 's'}`;

/** "Maintenance, 1000 devices, 3 years". */
const describe = (license: LicenseRow): string => {
  const parts = [KIND_NAMES[license.kind], counted(license.device_count, 'device')];
  if (license.term_years !== null) parts.push(counted(license.term_years, 'year'));
  return parts.join(', ');
};

const identity = (license: LicenseRow) => ({
  licenseId: license.license_id,
  description: describe(license),
  kind: license.kind,
  deviceCount: license.device_count,
});

const term = (license: LicenseRow) => ({
  startsAt: startOf(license)?.toISOString() ?? null,
  expiresAt: license.expires_at?.toISOString() ?? null,
});

/** Standing first, then expiry [domain.md rule 7]. */
const statusOf = (license: LicenseRow, now: Date): LicenseStatus =>
  license.standing === 'good' ? licenseStatus({ expiresAt: license.expires_at, now }) : license.standing;

/** A row of the Manage Licenses table. */
export const toControllerLicense = (license: LicenseRow, segmentName: string, now: Date): ControllerLicense => {
  if (license.installed_on === null || license.activated_at === null) {
    throw new Error('the license is on no controller');
  }
  return {
    installCode: license.installed_on,
    segmentName,
    ...identity(license),
    status: statusOf(license, now),
    activatedAt: license.activated_at.toISOString(),
    ...term(license),
    note: license.note,
  };
};

export const toAvailableLicense = (license: LicenseRow): AvailableLicense => ({
  ...identity(license),
  termYears: license.term_years,
  ...term(license),
});

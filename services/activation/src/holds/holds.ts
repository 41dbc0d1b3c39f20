import type { EventPayloads } from '@smartserver/contracts';
import { type Cause, RetryLater, recordEvent } from '@smartserver/service-kit';
import type { StepDeps } from '../deps.ts';
import { lockLicenses } from '../model/license.ts';
import type { HoldState, LicenseRow, Trx } from '../model/tables.ts';
import { startOf } from '../model/term.ts';

type HoldRequest = EventPayloads['hold.requested.1'];

/*
 * Holds: license asks activation to let go of a license for a change that must not meet an activation (take-back, split).
 * [architecture.md decision 5]
 */

/**
 * Grants a hold unless the license is on a controller. From then on it cannot be activated: the database itself refuses a row
 * that is both held and installed. A request that comes again gets the same answer, also when the hold is long over.
 * @throws RetryLater while the license is not known in the version that license speaks of: an older one might say other things
 */
export const resolveHold = async (trx: Trx, deps: StepDeps, cause: Cause, request: HoldRequest): Promise<void> => {
  const [license] = await lockLicenses(trx, [request.licenseId]);
  if (license === undefined || license.version < request.licenseVersion) {
    throw new RetryLater('the license is not known in that version yet');
  }
  const { holdId } = request;
  const query = trx.selectFrom('holds').select('state').where('hold_id', '=', holdId);
  const state = (await query.executeTakeFirst())?.state ?? (await decide(trx, deps, request, license));
  // A released one may never have been set.
  const granted = state === 'granted' || state === 'ended';
  const data: EventPayloads['hold.resolved.1'] = {
    holdId,
    licenseId: license.license_id,
    granted,
    refusal: granted ? null : 'license_in_use',
    activationVersion: license.activation_version,
    firstActivatedAt: license.first_activated_at?.toISOString() ?? null,
    startsAt: startOf(license)?.toISOString() ?? null,
  };
  await recordEvent(trx, deps, cause, { type: 'hold.resolved.1', data });
};

const decide = async (
  trx: Trx,
  { clock }: StepDeps,
  { holdId, licenseId, licenseVersion }: HoldRequest,
  license: LicenseRow,
): Promise<HoldState> => {
  const state = license.installed_on === null ? 'granted' : 'refused';
  // Where the license has been edited since the request was made, that edit is not what ends the hold.
  const license_version = Math.max(licenseVersion, license.version);
  const hold = { hold_id: holdId, license_id: licenseId, license_version, state, resolved_at: clock.now() } as const;
  await trx.insertInto('holds').values(hold).execute();
  // Another hold that is still there loses its place: license has one change of a license under way at a time.
  if (state === 'granted') {
    await trx.updateTable('licenses').set({ hold_id: holdId }).where('license_id', '=', licenseId).execute();
  }
  return state;
};

/** Ends a hold that is not needed after all. One that is released before it was asked for will not be set. */
export const releaseHold = async (
  trx: Trx,
  { clock }: StepDeps,
  { holdId, licenseId }: EventPayloads['hold.released.1'],
): Promise<void> => {
  await lockLicenses(trx, [licenseId]);
  await trx
    .insertInto('holds')
    .values({ hold_id: holdId, license_id: licenseId, license_version: 0, state: 'released', resolved_at: clock.now() })
    .onConflict((conflict) =>
      conflict.column('hold_id').doUpdateSet({ state: 'released' }).where('holds.state', '=', 'granted'),
    )
    .execute();
  await freeLicense(trx, licenseId, holdId);
};

/** Ends the hold of a locked license whose change has been completed: its new version has come. */
export const endHold = async (trx: Trx, license: LicenseRow, version: number): Promise<void> => {
  if (license.hold_id === null) return;
  const ended = await trx
    .updateTable('holds')
    .set({ state: 'ended' })
    .where('hold_id', '=', license.hold_id)
    .where('license_version', '<', version)
    .returning('hold_id')
    .executeTakeFirst();
  if (ended !== undefined) await freeLicense(trx, license.license_id, ended.hold_id);
};

/** Only if it is this hold that holds it. */
const freeLicense = async (trx: Trx, licenseId: string, holdId: string): Promise<void> => {
  const update = trx.updateTable('licenses').set({ hold_id: null }).where('license_id', '=', licenseId);
  await update.where('hold_id', '=', holdId).execute();
};

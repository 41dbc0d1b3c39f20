import type { EventPayloads } from '@smartserver/contracts';
import { type Cause, RetryLater } from '@smartserver/service-kit';
import type { StepDeps } from '../deps.ts';
import { endHold } from '../holds/holds.ts';
import { lockController, renewDocument } from '../model/controller.ts';
import { changesDocument, lockLicenses, toLicenseColumns } from '../model/license.ts';
import type { Trx } from '../model/tables.ts';
import { hasTerm, renewedBy, termOf } from '../model/term.ts';

type LicenseState = EventPayloads['license.changed.1'];

/**
 * State of a license as its owner knows it. A higher version only: events may arrive in any order. It ends a hold, and what a
 * license document says differently from now on makes a new document of the controller that the license is on.
 * @throws RetryLater while the license moves
 */
export const licenseChanged = async (trx: Trx, deps: StepDeps, cause: Cause, state: LicenseState): Promise<void> => {
  if (state.kind === 'maintenance' && state.termYears === null) throw new Error('a maintenance license has no term');
  // Controllers are locked before licenses, so its place has to be looked up first, and looked at again once locked.
  const place = await placeOf(trx, state.licenseId);
  const controller = place === null ? undefined : await lockController(trx, place);
  const inserted = await trx
    .insertInto('licenses')
    .values({ license_id: state.licenseId, first_activated_at: null, expires_at: null, ...(await facts(trx, state)) })
    .onConflict((conflict) => conflict.column('license_id').doNothing())
    .executeTakeFirst();
  if (inserted.numInsertedOrUpdatedRows === 1n) return;
  const [license] = await lockLicenses(trx, [state.licenseId]);
  if (license === undefined || license.version >= state.version) return;
  if (license.installed_on !== place) throw new RetryLater('the license moves at this moment');

  const update = trx.updateTable('licenses').set(await facts(trx, state, license.first_activated_at));
  await update.where('license_id', '=', state.licenseId).execute();
  await endHold(trx, license, state.version);
  if (controller === undefined || !changesDocument(license, state)) return;
  await renewDocument(trx, deps, cause, controller);
};

const placeOf = async (trx: Trx, licenseId: string): Promise<string | null> => {
  const query = trx.selectFrom('licenses').select('installed_on').where('license_id', '=', licenseId);
  return (await query.executeTakeFirst())?.installed_on ?? null;
};

/** The license's facts, with a term that has begun elsewhere: a split hands it on to its parts. */
const facts = async (trx: Trx, state: LicenseState, known: Date | null = null) => ({
  ...toLicenseColumns(state),
  ...(known === null && state.firstActivatedAt !== null
    ? await begunTerm(trx, state, new Date(state.firstActivatedAt))
    : {}),
});

const begunTerm = async (trx: Trx, state: LicenseState, firstActivatedAt: Date) => {
  const { termYears } = state;
  if (!hasTerm(state.kind) || termYears === null) return { first_activated_at: firstActivatedAt };
  // Events of an earlier version have no start: it is dated by what the license renews, as at an activation.
  const startsAt = state.startsAt ? new Date(state.startsAt) : null;
  const renewed = state.renews === null || startsAt !== null ? [] : await renewedBy(trx, state.renews);
  const term = termOf(renewed, { firstActivatedAt: startsAt ?? firstActivatedAt, termYears });
  return { first_activated_at: firstActivatedAt, starts_at: term.startsAt, expires_at: term.expiresAt };
};

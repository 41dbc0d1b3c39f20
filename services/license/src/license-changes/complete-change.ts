import type { EventEnvelope } from '@smartserver/contracts';
import { recordEvent } from '@smartserver/service-kit';
import type { Transaction } from 'kysely';
import type { Deps } from '../deps.ts';
import { lockLicenses } from '../model/license.sql.ts';
import { findChange } from '../model/license-change.sql.ts';
import { causeOfChange } from '../model/license-change.ts';
import type { LicenseTables } from '../model/tables.ts';
import { EVERYTHING } from '../tenancy.ts';
import { carryOut } from './carry-out.ts';
import { asGranted, refusalOf } from './change-rules.ts';

type Trx = Transaction<LicenseTables>;
type HoldResolved = EventEnvelope<'hold.resolved.1'>;

/**
 * Completes or refuses the changes whose holds activation has answered. Either side can crash at any point, and every message can
 * come twice, late or in another order: the change's own status decides, and a grant that is of no use is released.
 * [architecture.md decision 5]
 */
export const completeChanges = async (trx: Trx, deps: Deps, events: readonly HoldResolved[]): Promise<void> => {
  // Always the licenses first: only who holds this lock begins or ends a change. All of them at once, in the order of their ids.
  await lockLicenses(
    trx,
    EVERYTHING,
    events.map((event) => event.data.licenseId),
  );
  for (const event of events) await completeChange(trx, deps, event);
};

const completeChange = async (trx: Trx, deps: Deps, event: HoldResolved): Promise<void> => {
  const hold = event.data;
  const license = (await lockLicenses(trx, EVERYTHING, [hold.licenseId])).get(hold.licenseId);
  const change = await findChange(trx, EVERYTHING, hold.holdId);
  if (license === undefined || change?.license_id !== hold.licenseId || change.status !== 'pending') {
    await releaseHold(trx, deps, event);
    return;
  }
  const refusal = refusalOf(license, change, hold);
  const end = trx.updateTable('license_changes').where('change_id', '=', change.change_id);
  const settled_at = deps.clock.now();
  if (refusal !== null) {
    await end.set({ status: 'refused', refusal, settled_at }).execute();
    await releaseHold(trx, deps, event);
    return;
  }
  const outcome = await carryOut(trx, deps, causeOfChange(change), asGranted(license, hold), change);
  await end.set({ status: 'completed', outcome: JSON.stringify(outcome), settled_at }).execute();
};

const releaseHold = async (trx: Trx, deps: Deps, { actor, traceparent, data }: HoldResolved): Promise<void> => {
  if (!data.granted) return;
  const { holdId, licenseId } = data;
  await recordEvent(trx, deps, { actor, traceparent }, { type: 'hold.released.1', data: { holdId, licenseId } });
};

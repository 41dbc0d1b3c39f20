import { type Cause, type Clock, type Ids, recordEvent } from '@smartserver/service-kit';
import type { Transaction } from 'kysely';
import type { LicenseTables } from '../db.ts';
import { lockLicense } from '../licenses/license-store.ts';
import type { ChangeLedger } from './change-ledger-service.ts';
import { completeChange, findChange, refuseChange } from './change-store.ts';
import { asGranted, type HoldAnswer, refusalOf } from './license-change.ts';

export type SettleDeps = { clock: Clock; ids: Ids; changeLedger: ChangeLedger };
type Hold = { holdId: string; licenseId: string };

/** Messages between services act for nobody's account. */
const EVERYTHING = { kind: 'everything' } as const;

/**
 * Ends the change that activation has answered. Either side can crash at any point, and every message can come twice, late or
 * in another order: the change's own status decides, and a grant that is of no use is given back.
 * [architecture.md decision 5]
 * @param cause who the answer is owed to
 */
export const settleChange = async (
  trx: Transaction<LicenseTables>,
  deps: SettleDeps,
  cause: Cause,
  hold: Hold,
  answer: HoldAnswer,
): Promise<void> => {
  // Always the license first: whoever begins or ends a change of it holds this lock.
  const license = await lockLicense(trx, EVERYTHING, hold.licenseId);
  const change = await findChange(trx, EVERYTHING, hold.holdId);
  if (license === null || change === null || change.licenseId !== hold.licenseId || change.status !== 'pending') {
    await giveBack(trx, deps, cause, hold, answer);
    return;
  }
  const now = deps.clock.now();
  const refusal = refusalOf(license, change, answer);
  if (refusal !== null) {
    await refuseChange(trx, change.changeId, refusal, now);
    await giveBack(trx, deps, cause, hold, answer);
    return;
  }
  const outcome = await deps.changeLedger.carryOut(trx, change.cause, asGranted(license, answer), change.wish);
  await completeChange(trx, change.changeId, outcome, now);
};

const giveBack = async (
  trx: Transaction<LicenseTables>,
  deps: SettleDeps,
  cause: Cause,
  hold: Hold,
  answer: HoldAnswer,
): Promise<void> => {
  if (!answer.granted) return;
  const data = { holdId: hold.holdId, licenseId: hold.licenseId };
  await recordEvent(trx, deps, cause, { type: 'hold.released.1', data });
};

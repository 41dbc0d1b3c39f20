import type { License } from '@smartserver/contracts';
import type { Cause, Clock, Ids } from '@smartserver/service-kit';
import type { Transaction } from 'kysely';
import type { LicenseTables } from '../db.ts';
import type { LicenseState } from '../licenses/license.ts';
import type { LicenseLedger } from '../licenses/license-ledger-service.ts';
import { toLicense } from '../licenses/license-view.ts';
import { splitInto, takenBack, type Wish } from './license-change.ts';

type Trx = Transaction<LicenseTables>;

/** Carries out what a change wishes, once nothing stands against it any more. */
export class ChangeLedger {
  constructor(private readonly deps: { clock: Clock; ids: Ids; expiringWithinDays: number; ledger: LicenseLedger }) {}

  /**
   * @param license locked by this transaction, and on no controller
   * @returns the licenses as they are then
   */
  async carryOut(trx: Trx, cause: Cause, license: LicenseState, wish: Wish): Promise<License[]> {
    const licenses =
      wish.kind === 'take_back'
        ? await this.takeBack(trx, cause, license)
        : await this.split(trx, cause, license, wish.deviceCounts);
    const view = { now: this.deps.clock.now(), expiringWithinDays: this.deps.expiringWithinDays };
    return licenses.map((each) => toLicense(each, view));
  }

  private async takeBack(trx: Trx, cause: Cause, license: LicenseState): Promise<LicenseState[]> {
    const back = takenBack(license);
    // The history names the customer that it was taken back from.
    await this.deps.ledger.change(trx, cause, [back], { event: 'taken_back', customerId: license.customerId });
    return [back];
  }

  private async split(
    trx: Trx,
    cause: Cause,
    license: LicenseState,
    deviceCounts: readonly number[],
  ): Promise<LicenseState[]> {
    const { clock, ids, ledger } = this.deps;
    const { kept, parts } = splitInto(license, deviceCounts, {
      ids: () => ({ rowId: ids.ordered(), licenseId: ids.random() }),
      now: clock.now(),
    });
    const move = { event: 'split', detail: `${license.deviceCount} = ${deviceCounts.join(' + ')}` } as const;
    await ledger.change(trx, cause, [kept], move);
    await ledger.add(trx, cause, parts, move);
    return [kept, ...parts];
  }
}

import type { LicenseHistoryEvent } from '@smartserver/contracts';
import { type Cause, type Clock, type Ids, recordEvent } from '@smartserver/service-kit';
import type { Transaction } from 'kysely';
import type { LicenseTables } from '../db.ts';
import { insertHistory } from '../history/history-store.ts';
import type { LicenseState } from './license.ts';
import { insertLicenses, saveLicense } from './license-store.ts';
import { toChanged } from './license-view.ts';

type Trx = Transaction<LicenseTables>;

/** What the history says of a change; the customer is the license's own unless told otherwise. */
export type Move = { event: LicenseHistoryEvent; detail?: string | null; customerId?: string | null };

/** The one way to write licenses: the row, its history and the news of it, in the transaction of the change. */
export class LicenseLedger {
  constructor(private readonly deps: { clock: Clock; ids: Ids }) {}

  /** @param licenses of version 1 */
  async add(trx: Trx, cause: Cause, licenses: readonly LicenseState[], move: Move): Promise<void> {
    await insertLicenses(trx, licenses);
    await this.tell(trx, cause, licenses, move);
  }

  /**
   * @param licenses locked by this transaction, each in its next version
   * @param move null for what is no move: a note
   */
  async change(trx: Trx, cause: Cause, licenses: readonly LicenseState[], move: Move | null): Promise<void> {
    for (const license of licenses) await saveLicense(trx, license);
    await this.tell(trx, cause, licenses, move);
  }

  private async tell(trx: Trx, cause: Cause, licenses: readonly LicenseState[], move: Move | null): Promise<void> {
    if (move !== null) await insertHistory(trx, this.entries(cause, licenses, move));
    for (const license of licenses) {
      await recordEvent(trx, this.deps, cause, { type: 'license.changed.1', data: toChanged(license) });
    }
  }

  private entries(cause: Cause, licenses: readonly LicenseState[], move: Move) {
    const at = this.deps.clock.now();
    return licenses.map((license) => {
      const entryId = this.deps.ids.ordered();
      return {
        entryId,
        sourceId: entryId,
        partnerId: license.partnerId,
        licenseId: license.licenseId,
        event: move.event,
        at,
        actor: cause.actor,
        customerId: move.customerId === undefined ? license.customerId : move.customerId,
        installCode: license.controller?.installCode ?? null,
        detail: move.detail ?? null,
      };
    });
  }
}

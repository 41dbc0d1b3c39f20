import { type Cause, type Clock, type Ids, recordEvents } from '@smartserver/service-kit';
import type { Transaction } from 'kysely';
import type { LicenseHistoryRow } from './history.ts';
import { insertHistory, writeLicenses } from './license.sql.ts';
import { type LicenseRow, toLicenseChanged } from './license.ts';
import type { LicenseTables } from './tables.ts';

/** What the history says of a change; the customer is the license's own unless another is given. */
export type Move = Pick<LicenseHistoryRow, 'event'> & Partial<Pick<LicenseHistoryRow, 'detail' | 'customer_id'>>;

/**
 * The one way to change licenses: rows, history and events, in the transaction of the change; a statement for each of the three,
 * however many licenses.
 * @param licenses new ones, and locked ones in their next version
 * @param move null for a change that is no move: a note
 */
export const recordLicenses = async (
  trx: Transaction<LicenseTables>,
  deps: { clock: Clock; ids: Ids },
  cause: Cause,
  licenses: readonly LicenseRow[],
  move: Move | null,
): Promise<void> => {
  await writeLicenses(trx, licenses);
  if (move !== null) {
    const at = deps.clock.now();
    await insertHistory(
      trx,
      licenses.map((license) => toHistoryRow(deps.ids.ordered(), at, cause, license, move)),
    );
  }
  await recordEvents(trx, deps, cause, licenses.map(toLicenseChanged));
};

const toHistoryRow = (id: string, at: Date, cause: Cause, license: LicenseRow, move: Move): LicenseHistoryRow => ({
  partner_id: license.partner_id,
  license_id: license.license_id,
  at,
  source_id: id,
  entry_id: id,
  actor_kind: cause.actor.kind,
  actor_id: cause.actor.id,
  customer_id: license.customer_id,
  install_code: license.install_code,
  detail: null,
  ...move,
});

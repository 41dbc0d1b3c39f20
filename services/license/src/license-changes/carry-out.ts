import type { License } from '@smartserver/contracts';
import type { Cause } from '@smartserver/service-kit';
import type { Transaction } from 'kysely';
import type { Deps } from '../deps.ts';
import { type LicenseRow, nextVersion, toLicense, viewOf } from '../model/license.ts';
import type { ChangeCommand } from '../model/license-change.ts';
import { type Move, recordLicenses } from '../model/record-licenses.ts';
import type { LicenseTables } from '../model/tables.ts';
import { splitInto } from './change-rules.ts';

/**
 * Carries out a take-back or split, once nothing stands against it any more. [domain.md rules 4, 5]
 * @param license locked by this transaction, and on no controller
 * @returns the licenses as they are then
 */
export const carryOut = async (
  trx: Transaction<LicenseTables>,
  deps: Deps,
  cause: Cause,
  license: LicenseRow,
  command: ChangeCommand,
): Promise<License[]> => {
  const [licenses, move] =
    command.device_counts === null ? takeBack(license) : split(deps, license, command.device_counts);
  await recordLicenses(trx, deps, cause, licenses, move);
  const view = viewOf(deps);
  return licenses.map((each) => toLicense(each, view));
};

/** The history names the customer that it was taken back from. */
const takeBack = (license: LicenseRow): [LicenseRow[], Move] => [
  [nextVersion(license, { customer_id: null })],
  { event: 'taken_back', customer_id: license.customer_id },
];

const split = ({ clock, ids }: Deps, license: LicenseRow, counts: readonly number[]): [LicenseRow[], Move] => [
  splitInto(license, counts, {
    ids: () => ({ row_id: ids.ordered(), license_id: ids.random() }),
    now: clock.now(),
  }),
  { event: 'split', detail: `${license.device_count} = ${counts.join(' + ')}` },
];

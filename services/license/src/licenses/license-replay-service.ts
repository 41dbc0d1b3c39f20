import { type Cause, recordEvent, type Storage } from '@smartserver/service-kit';
import type { LicenseTables } from '../db.ts';
import { listAllLicenses } from './license-store.ts';
import { toChanged } from './license-view.ts';

const BATCH = 500;

const CAUSE: Cause = { actor: { kind: 'system', id: 'replay' }, traceparent: null };

/**
 * Tells every license anew, as it is, to all who keep a projection of licenses: one that was made later, or lost, becomes whole; the
 * others know the versions already and change nothing. Licenses that are made or changed meanwhile are told by themselves. May be
 * broken off and begun again. [architecture.md decision 2]
 * @param told called after each batch with the number of licenses so far
 * @returns how many there were
 */
export const replayLicenses = async (
  deps: Pick<Storage<LicenseTables>, 'database' | 'clock' | 'ids'>,
  told: (count: number) => void = () => undefined,
): Promise<number> => {
  let count = 0;
  let after: string | null = null;
  do {
    const before: string | null = after;
    after = await deps.database.kysely.transaction().execute(async (trx) => {
      const licenses = await listAllLicenses(trx, { after: before, count: BATCH });
      for (const license of licenses) {
        await recordEvent(trx, deps, CAUSE, { type: 'license.changed.1', data: toChanged(license) });
      }
      count += licenses.length;
      return licenses.length < BATCH ? null : (licenses.at(-1)?.rowId ?? null);
    });
    told(count);
  } while (after !== null);
  return count;
};

import { type Cause, recordEvent, type Storage } from '@smartserver/service-kit';
import type { LicenseTables } from '../db.ts';
import { toReleaseChanged } from './release.ts';
import { allReleases } from './release-store.ts';

const CAUSE: Cause = { actor: { kind: 'system', id: 'replay' }, traceparent: null };

/**
 * Tells every release anew, as it is, also those that left the catalogue: for a projection that was made later, or lost.
 * @returns how many there were
 */
export const replayReleases = (deps: Pick<Storage<LicenseTables>, 'database' | 'clock' | 'ids'>): Promise<number> =>
  deps.database.kysely.transaction().execute(async (trx) => {
    const releases = await allReleases(trx);
    for (const { release, withdrawn } of releases) {
      const data = toReleaseChanged(release, withdrawn);
      await recordEvent(trx, deps, CAUSE, { type: 'release.changed.1', data });
    }
    return releases.length;
  });

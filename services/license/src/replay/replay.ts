import { type Cause, recordEvents, type StorageBase } from '@smartserver/service-kit';
import { selectLicenses } from '../model/license.sql.ts';
import { toLicenseChanged } from '../model/license.ts';
import { toReleaseChanged } from '../model/release.ts';
import type { LicenseTables } from '../model/tables.ts';
import { EVERYTHING } from '../tenancy.ts';

type Deps = Pick<StorageBase<LicenseTables, unknown>, 'database' | 'clock' | 'ids'>;

const BATCH = 500;

const CAUSE: Cause = { actor: { kind: 'system', id: 'replay' }, traceparent: null };

/**
 * Records the events of every release and every license again, as they are: a projection of another service that was made later, or
 * lost, becomes complete; the others know the versions already and change nothing. Licenses that are created or changed meanwhile have
 * events of their own. May be interrupted and repeated. [architecture.md decision 2]
 * @param onBatch called after each batch with the number of licenses so far
 * @returns how many licenses there are
 */
export const replay = async (deps: Deps, onBatch: (count: number) => void = () => undefined): Promise<number> => {
  await replayReleases(deps);
  let count = 0;
  let after: string | null = null;
  do {
    const licenses = await replayLicensesAfter(deps, after);
    count += licenses.length;
    after = licenses.length < BATCH ? null : (licenses.at(-1)?.row_id ?? null);
    onBatch(count);
  } while (after !== null);
  return count;
};

const replayLicensesAfter = (deps: Deps, after: string | null) =>
  deps.database.kysely.transaction().execute(async (trx) => {
    const page = selectLicenses(trx, EVERYTHING).orderBy('row_id', 'desc').limit(BATCH);
    const licenses = await (after === null ? page : page.where('row_id', '<', after)).execute();
    await recordEvents(trx, deps, CAUSE, licenses.map(toLicenseChanged));
    return licenses;
  });

/** Also those that left the catalogue. */
const replayReleases = (deps: Deps): Promise<void> =>
  deps.database.kysely.transaction().execute(async (trx) => {
    const releases = await trx.selectFrom('releases').selectAll().orderBy('release_id').execute();
    await recordEvents(trx, deps, CAUSE, releases.map(toReleaseChanged));
  });

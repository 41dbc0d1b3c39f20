import { type Kysely, type Selectable, sql, type Transaction } from 'kysely';
import type { LicenseTables, ReleasesTable } from '../db.ts';
import type { ReleaseState } from './release.ts';

type Db = Kysely<LicenseTables>;
type Trx = Transaction<LicenseTables>;

const keyOf = (key: readonly number[]) => sql<number[]>`${[...key]}::integer[]`;

const inCatalogue = (db: Db) => db.selectFrom('releases').selectAll().where('withdrawn_at', 'is', null);

export const findRelease = async (db: Db, releaseId: string): Promise<ReleaseState | null> => {
  const row = await inCatalogue(db).where('release_id', '=', releaseId).executeTakeFirst();
  return row === undefined ? null : toState(row);
};

/** The newest version first, up to `count` of those before `after`. Each with the key that it is sorted by. */
export const listReleases = async (
  db: Db,
  { after, count }: { after: readonly number[] | null; count: number },
): Promise<{ release: ReleaseState; key: readonly number[] }[]> => {
  let query = inCatalogue(db).orderBy('version_key', 'desc').limit(count);
  if (after !== null) query = query.where('version_key', '<', keyOf(after));
  return (await query.execute()).map((row) => ({ release: toState(row), key: row.version_key }));
};

export const lockRelease = async (trx: Trx, releaseId: string): Promise<ReleaseState | null> => {
  const row = await inCatalogue(trx).where('release_id', '=', releaseId).forUpdate().executeTakeFirst();
  return row === undefined ? null : toState(row);
};

/** @returns false when the catalogue has the version, in whatever way it was written */
export const insertRelease = async (trx: Trx, release: ReleaseState, key: readonly number[]): Promise<boolean> => {
  const inserted = await trx
    .insertInto('releases')
    .values({
      release_id: release.releaseId,
      version: release.version,
      version_key: keyOf(key),
      release_class: release.releaseClass,
      released_at: release.releasedAt,
    })
    // The second of two at the same time waits here for the first, and then inserts nothing.
    .onConflict((conflict) => conflict.column('version_key').where('withdrawn_at', 'is', null).doNothing())
    .executeTakeFirst();
  return inserted.numInsertedOrUpdatedRows === 1n;
};

/** Writes the state of a locked release. @param withdrawnAt when it left the catalogue; null: it is in it */
export const saveRelease = async (trx: Trx, release: ReleaseState, withdrawnAt: Date | null): Promise<void> => {
  await trx
    .updateTable('releases')
    .set({
      release_class: release.releaseClass,
      released_at: release.releasedAt,
      revision: release.revision,
      withdrawn_at: withdrawnAt,
    })
    .where('release_id', '=', release.releaseId)
    .execute();
};

/** Everything that was ever in the catalogue: for messages between services. */
export const allReleases = async (db: Db): Promise<{ release: ReleaseState; withdrawn: boolean }[]> => {
  const rows = await db.selectFrom('releases').selectAll().orderBy('release_id').execute();
  return rows.map((row) => ({ release: toState(row), withdrawn: row.withdrawn_at !== null }));
};

const toState = (row: Selectable<ReleasesTable>): ReleaseState => ({
  releaseId: row.release_id,
  version: row.version,
  releaseClass: row.release_class,
  releasedAt: row.released_at,
  revision: row.revision,
});

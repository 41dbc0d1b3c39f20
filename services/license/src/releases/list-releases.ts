import type { Release, ReleasePage } from '@smartserver/contracts';
import { decodeCursor, type PageRequest, problem, toPage } from '@smartserver/service-kit';
import { type Kysely, sql } from 'kysely';
import type { Deps } from '../deps.ts';
import { toRelease } from '../model/release.ts';
import type { LicenseTables } from '../model/tables.ts';

/** The numbers of a `version_key`, by which the catalogue is sorted. */
const CURSOR = /^\d{1,3}_\d{1,3}_\d{1,3}_(-1|\d{1,6})$/;

/** The newest version first. */
export const listReleases = async ({ database }: Deps, { limit, cursor }: PageRequest): Promise<ReleasePage> => {
  const after = decodeCursor(cursor, (key) => CURSOR.test(key));
  let query = selectReleases(database.kysely)
    .orderBy('version_key', 'desc')
    .limit(limit + 1);
  if (after !== null) {
    query = query.where('version_key', '<', sql<number[]>`${after.split('_').map(Number)}::integer[]`);
  }
  const { rows, nextCursor } = toPage(await query.execute(), limit, (row) => row.version_key.join('_'));
  return { items: rows.map(toRelease), nextCursor };
};

/** @throws ProblemError release_not_found */
export const getRelease = async ({ database }: Deps, releaseId: string): Promise<Release> => {
  const row = await selectReleases(database.kysely).where('release_id', '=', releaseId).executeTakeFirst();
  if (row === undefined) throw problem('release_not_found');
  return toRelease(row);
};

/** Those that are in the catalogue. */
export const selectReleases = (db: Kysely<LicenseTables>) =>
  db.selectFrom('releases').selectAll().where('withdrawn_at', 'is', null);

import type { CreateReleaseRequest, ProblemItem, Release, UpdateReleaseRequest } from '@smartserver/contracts';
import { parseVersion, type SmartServerVersion, versionKey } from '@smartserver/rules';
import { causeOf, change, problem, type RequestContext, recordEvent } from '@smartserver/service-kit';
import type { Transaction } from 'kysely';
import type { Deps } from '../deps.ts';
import { type ReleaseRow, toRelease, toReleaseChanged } from '../model/release.ts';
import type { LicenseTables } from '../model/tables.ts';
import { selectReleases } from './list-releases.ts';

type Trx = Transaction<LicenseTables>;

/** @throws ProblemError validation_failed, release_exists */
export const createRelease = async (
  deps: Deps,
  context: RequestContext,
  request: CreateReleaseRequest,
): Promise<Release> => {
  const version = parseVersion(request.version);
  const releasedAt = instantOf(request.releasedAt);
  if (version === null || releasedAt === null) {
    const errors = [...(version === null ? [BAD_VERSION] : []), ...(releasedAt === null ? [BAD_INSTANT] : [])];
    throw problem('validation_failed', { errors });
  }
  return change(deps, context, async (trx) => {
    const release = {
      release_id: deps.ids.ordered(),
      version: versionText(version),
      version_key: [...versionKey(version)],
      release_class: request.releaseClass,
      released_at: releasedAt,
      revision: 1,
      withdrawn_at: null,
    };
    const inserted = await trx
      .insertInto('releases')
      .values(release)
      // The second of two at the same time waits here for the first, and then inserts nothing.
      .onConflict((conflict) => conflict.column('version_key').where('withdrawn_at', 'is', null).doNothing())
      .executeTakeFirst();
    if (inserted.numInsertedOrUpdatedRows !== 1n) throw problem('release_exists');
    await recordEvent(trx, deps, causeOf(context), toReleaseChanged(release));
    return toRelease(release);
  });
};

/**
 * @param requireRevision throws unless the caller edits the revision it has read
 * @throws ProblemError validation_failed, release_not_found, and what `requireRevision` throws
 */
export const updateRelease = async (
  deps: Deps,
  context: RequestContext,
  releaseId: string,
  request: UpdateReleaseRequest,
  requireRevision: (revision: number) => void,
): Promise<Release> => {
  const releasedAt = instantOf(request.releasedAt);
  if (releasedAt === null) throw problem('validation_failed', { errors: [BAD_INSTANT] });
  return change(deps, context, async (trx) => {
    const before = await lockRelease(trx, releaseId);
    requireRevision(before.revision);
    const changes = { release_class: request.releaseClass, released_at: releasedAt };
    return toRelease(await saveRelease(trx, deps, context, before, changes));
  });
};

/** Takes a release out of the catalogue. @throws ProblemError release_not_found */
export const deleteRelease = (deps: Deps, context: RequestContext, releaseId: string): Promise<void> =>
  change(deps, context, async (trx) => {
    await saveRelease(trx, deps, context, await lockRelease(trx, releaseId), { withdrawn_at: deps.clock.now() });
  });

const lockRelease = async (trx: Trx, releaseId: string): Promise<ReleaseRow> => {
  const row = await selectReleases(trx).where('release_id', '=', releaseId).forUpdate().executeTakeFirst();
  if (row === undefined) throw problem('release_not_found');
  return row;
};

/** The next revision of a locked release. */
const saveRelease = async (
  trx: Trx,
  deps: Deps,
  context: RequestContext,
  before: ReleaseRow,
  changes: Partial<Pick<ReleaseRow, 'release_class' | 'released_at' | 'withdrawn_at'>>,
): Promise<ReleaseRow> => {
  const next = { ...changes, revision: before.revision + 1 };
  await trx.updateTable('releases').set(next).where('release_id', '=', before.release_id).execute();
  const release = { ...before, ...next };
  await recordEvent(trx, deps, causeOf(context), toReleaseChanged(release));
  return release;
};

/** `4.4`, `3.3 Update 1`, or with a build `4.40.012`: as the vendor writes them. [U][V] */
const versionText = ({ major, minor, update, build }: SmartServerVersion): string => {
  if (build !== null) return `${major}.${minor}${update}.${String(build).padStart(3, '0')}`;
  return update === 0 ? `${major}.${minor}` : `${major}.${minor} Update ${update}`;
};

/** @returns null for an instant that no release came out at, or that is none */
const instantOf = (text: string): Date | null => {
  const instant = new Date(text);
  const year = instant.getUTCFullYear();
  return year >= 2000 && year < 2200 ? instant : null;
};

const BAD_INSTANT: ProblemItem = {
  pointer: '/releasedAt',
  code: 'out_of_range',
  detail: 'Give an instant from the year 2000 to 2199.',
};

const BAD_VERSION: ProblemItem = {
  pointer: '/version',
  code: 'wrong_format',
  detail: 'Write the version as the vendor does: 3.3, 3.3 Update 1 or, with a build, 4.40.012.',
};

import type { EventPayloads } from '@smartserver/contracts';
import { parseVersion, type SmartServerVersion, versionKey } from '@smartserver/rules';
import { sql } from 'kysely';
import type { Executor } from './tables.ts';

const keyOf = (version: SmartServerVersion) => sql<number[]>`${versionKey(version)}::integer[]`;

/** Row of a release, as `release.changed.1` has it. */
export const toReleaseRow = (event: EventPayloads['release.changed.1']) => {
  const parsed = parseVersion(event.softwareVersion);
  if (parsed === null) throw new Error('a release has a version that cannot be read');
  return {
    release_id: event.releaseId,
    version_key: versionKey(parsed),
    release_class: event.releaseClass,
    withdrawn: event.withdrawn,
    version: event.version,
  };
};

/** The class of a version in the catalogue: that of its build, or else of the release that it is a build of. */
export const classOfRelease = async (executor: Executor, version: SmartServerVersion) => {
  const release = { ...version, build: null };
  const row = await executor
    .selectFrom('releases')
    .select('release_class')
    .where('withdrawn', '=', false)
    .where((eb) => eb.or([eb('version_key', '=', keyOf(version)), eb('version_key', '=', keyOf(release))]))
    // While the withdrawal of one is still to arrive, the newest has the version.
    .orderBy('version_key', 'desc')
    .orderBy('release_id', 'desc')
    .executeTakeFirst();
  return row?.release_class;
};

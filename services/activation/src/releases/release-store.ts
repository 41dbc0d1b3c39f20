import type { EventPayloads, ReleaseClass } from '@smartserver/contracts';
import { parseVersion, type SmartServerVersion, versionKey } from '@smartserver/rules';
import { sql } from 'kysely';
import type { ActivationTransaction, Executor } from '../db.ts';

const keyOf = (version: SmartServerVersion) => sql<number[]>`${versionKey(version)}::integer[]`;

/** Takes over what the catalogue says of a release; an older or equal version of it changes nothing. */
export const saveRelease = async (
  trx: ActivationTransaction,
  { releaseId, softwareVersion, releaseClass, withdrawn, version }: EventPayloads['release.changed.1'],
): Promise<void> => {
  const parsed = parseVersion(softwareVersion);
  if (parsed === null) throw new Error('a release has a version that cannot be read');
  const said = { version_key: keyOf(parsed), release_class: releaseClass, withdrawn, version };
  await trx
    .insertInto('releases')
    .values({ release_id: releaseId, ...said })
    .onConflict((conflict) => conflict.column('release_id').doUpdateSet(said).where('releases.version', '<', version))
    .execute();
};

/** The class of a version in the catalogue: that of its build, or else of the release that it is a build of. */
export const classOfRelease = async (
  executor: Executor,
  version: SmartServerVersion,
): Promise<ReleaseClass | undefined> => {
  const release = { ...version, build: null };
  const row = await executor
    .selectFrom('releases')
    .select('release_class')
    .where('withdrawn', '=', false)
    .where((eb) => eb.or([eb('version_key', '=', keyOf(version)), eb('version_key', '=', keyOf(release))]))
    // While the news of one that was withdrawn is on its way, the newest has the version.
    .orderBy('version_key', 'desc')
    .orderBy('release_id', 'desc')
    .executeTakeFirst();
  return row?.release_class;
};

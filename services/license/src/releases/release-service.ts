import type { CreateReleaseRequest, Release, ReleasePage, UpdateReleaseRequest } from '@smartserver/contracts';
import { versionKey } from '@smartserver/rules';
import {
  type Clock,
  causeOf,
  change,
  type Database,
  decodeCursor,
  type Ids,
  problem,
  type RequestContext,
  recordEvent,
  toPage,
} from '@smartserver/service-kit';
import type { Transaction } from 'kysely';
import type { LicenseTables } from '../db.ts';
import {
  BAD_INSTANT,
  instantOf,
  type ReleaseState,
  toRelease,
  toReleaseChanged,
  understood,
  versionText,
} from './release.ts';
import { fromCursorKey, toCursorKey } from './release-cursor.ts';
import { findRelease, insertRelease, listReleases, lockRelease, saveRelease } from './release-store.ts';

type Deps = {
  database: Database<LicenseTables>;
  relay: { wake(): void };
  clock: Clock;
  ids: Ids;
};

/** The catalogue of SmartServer releases: everybody reads it, Customer Success edits it. Activation is told each change. */
export class ReleaseService {
  constructor(private readonly deps: Deps) {}

  /** The newest version first. */
  async list(limit: number, cursor: string | undefined): Promise<ReleasePage> {
    const after = fromCursorKey(decodeCursor(cursor, 'text'));
    const found = await listReleases(this.deps.database.kysely, { after, count: limit + 1 });
    const { rows, nextCursor } = toPage(found, limit, ({ key }) => toCursorKey(key));
    return { items: rows.map(({ release }) => toRelease(release)), nextCursor };
  }

  /** @throws ProblemError release_not_found */
  async get(releaseId: string): Promise<Release> {
    return toRelease(found(await findRelease(this.deps.database.kysely, releaseId)));
  }

  /** @throws ProblemError validation_failed, release_exists */
  create(context: RequestContext, request: CreateReleaseRequest): Promise<Release> {
    const wanted = understood(request);
    if (Array.isArray(wanted)) throw problem('validation_failed', { errors: wanted });
    const { version, releasedAt } = wanted;
    return change(this.deps, context, async (trx) => {
      const release = {
        releaseId: this.deps.ids.ordered(),
        version: versionText(version),
        releaseClass: request.releaseClass,
        releasedAt,
        revision: 1,
      };
      if (!(await insertRelease(trx, release, versionKey(version)))) throw problem('release_exists');
      await this.tell(trx, context, release, false);
      return toRelease(release);
    });
  }

  /**
   * @param requireRevision throws unless the caller edits the revision it has read
   * @throws ProblemError validation_failed, release_not_found, and what `requireRevision` throws
   */
  update(
    context: RequestContext,
    releaseId: string,
    { releaseClass, releasedAt: text }: UpdateReleaseRequest,
    requireRevision: (revision: number) => void,
  ): Promise<Release> {
    const releasedAt = instantOf(text);
    if (releasedAt === null) throw problem('validation_failed', { errors: [BAD_INSTANT] });
    return change(this.deps, context, async (trx) => {
      const before = found(await lockRelease(trx, releaseId));
      requireRevision(before.revision);
      const release = { ...before, releaseClass, releasedAt, revision: before.revision + 1 };
      await saveRelease(trx, release, null);
      await this.tell(trx, context, release, false);
      return toRelease(release);
    });
  }

  /** Takes a release out of the catalogue. @throws ProblemError release_not_found */
  delete(context: RequestContext, releaseId: string): Promise<void> {
    return change(this.deps, context, async (trx) => {
      const before = found(await lockRelease(trx, releaseId));
      const release = { ...before, revision: before.revision + 1 };
      await saveRelease(trx, release, this.deps.clock.now());
      await this.tell(trx, context, release, true);
    });
  }

  private tell(
    trx: Transaction<LicenseTables>,
    context: RequestContext,
    release: ReleaseState,
    withdrawn: boolean,
  ): Promise<void> {
    const data = toReleaseChanged(release, withdrawn);
    return recordEvent(trx, this.deps, causeOf(context), { type: 'release.changed.1', data });
  }
}

const found = (release: ReleaseState | null): ReleaseState => {
  if (release === null) throw problem('release_not_found');
  return release;
};

import type { EventPayloads, Release, ReleaseClass } from '@smartserver/contracts';

/** A release of SmartServer software in the catalogue. */
export type ReleaseRow = {
  release_id: string;
  /** As the vendor writes it: one text for every way to write one version. */
  version: string;
  /** `versionKey` of the rules. */
  version_key: number[];
  release_class: ReleaseClass;
  released_at: Date;
  /** Counts its changes; the ETag. */
  revision: number;
  /** Null: it is in the catalogue. */
  withdrawn_at: Date | null;
};

export const toRelease = (row: ReleaseRow): Release => ({
  releaseId: row.release_id,
  version: row.version,
  releaseClass: row.release_class,
  releasedAt: row.released_at.toISOString(),
  revision: row.revision,
});

/** The event of every change. */
export const toReleaseChanged = (row: ReleaseRow) => ({
  type: 'release.changed.1' as const,
  data: {
    releaseId: row.release_id,
    softwareVersion: row.version,
    releaseClass: row.release_class,
    releasedAt: row.released_at.toISOString(),
    withdrawn: row.withdrawn_at !== null,
    version: row.revision,
  } satisfies EventPayloads['release.changed.1'],
});

export const releaseExample: Release = {
  releaseId: '01957f6e-2c1a-7a3e-9b58-2f6f0c6b6d21',
  version: '4.4',
  releaseClass: 'minor',
  releasedAt: '2026-06-01T00:00:00.000Z',
  revision: 1,
};

import type { CreateReleaseRequest, EventPayloads, ProblemItem, Release, ReleaseClass } from '@smartserver/contracts';
import { parseVersion, type SmartServerVersion } from '@smartserver/rules';

/** A release of SmartServer software, as the catalogue has it. */
export type ReleaseState = {
  releaseId: string;
  /** As the vendor writes it: one text for every way to write one version. */
  version: string;
  releaseClass: ReleaseClass;
  releasedAt: Date;
  /** Counts its changes; the ETag. */
  revision: number;
};

/** `4.4`, `3.3 Update 1`, or with a build `4.40.012`: as the vendor writes them. [U][V] */
export const versionText = ({ major, minor, update, build }: SmartServerVersion): string => {
  if (build !== null) return `${major}.${minor}${update}.${String(build).padStart(3, '0')}`;
  return update === 0 ? `${major}.${minor}` : `${major}.${minor} Update ${update}`;
};

/** A request as it is understood, or what is wrong with it. */
export const understood = (
  request: CreateReleaseRequest,
): { version: SmartServerVersion; releasedAt: Date } | ProblemItem[] => {
  const version = parseVersion(request.version);
  const releasedAt = instantOf(request.releasedAt);
  if (version !== null && releasedAt !== null) return { version, releasedAt };
  return [...(version === null ? [BAD_VERSION] : []), ...(releasedAt === null ? [BAD_INSTANT] : [])];
};

/** @returns null for an instant that no release came out at, or that is none */
export const instantOf = (text: string): Date | null => {
  const instant = new Date(text);
  const year = instant.getUTCFullYear();
  return year >= 2000 && year < 2200 ? instant : null;
};

export const BAD_INSTANT: ProblemItem = {
  pointer: '/releasedAt',
  code: 'out_of_range',
  detail: 'Give an instant from the year 2000 to 2199.',
};

const BAD_VERSION: ProblemItem = {
  pointer: '/version',
  code: 'wrong_format',
  detail: 'Write the version as the vendor does: 3.3, 3.3 Update 1 or, with a build, 4.40.012.',
};

/** A release as the API shows it. */
export const toRelease = (release: ReleaseState): Release => ({
  ...release,
  releasedAt: release.releasedAt.toISOString(),
});

/** A release as the other services are told of it. @param withdrawn it is out of the catalogue */
export const toReleaseChanged = (release: ReleaseState, withdrawn: boolean): EventPayloads['release.changed.1'] => ({
  releaseId: release.releaseId,
  softwareVersion: release.version,
  releaseClass: release.releaseClass,
  releasedAt: release.releasedAt.toISOString(),
  withdrawn,
  version: release.revision,
});

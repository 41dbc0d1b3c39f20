/** A SmartServer release, and the build of it where the text names one. */
export type SmartServerVersion = { major: number; minor: number; update: number; build: number | null };

// `3.3`, `3.3 Update 1`
const releasePattern = /^(0|[1-9]\d{0,2})\.(\d)(?:\s+update\s+([1-9]\d?))?$/i;
// `4.40.012`
const buildPattern = /^(0|[1-9]\d{0,2})\.(\d)(\d)\.(\d{1,6})$/;

/**
 * Reads a version as the vendor writes it: `3.3`, `3.3 Update 1`, or as a build number, `4.40.012`. In a build number the tens
 * of the middle part are the minor and its ones the update: 4.40.012 is a build of 4.4, 3.31.005 one of 3.3 Update 1. That
 * reading is an assumption: the vendor's public documentation does not state it. [V][D]
 *
 * Anything else is refused rather than guessed: `4.40` might be 4.4 or a minor 40, and a wrong guess would let an upgrade pass.
 * @returns null when the text is no such version
 */
export const parseVersion = (text: string): SmartServerVersion | null => {
  const trimmed = text.trim();
  const [, major, minor, update = '0', build = null] = releasePattern.exec(trimmed) ?? buildPattern.exec(trimmed) ?? [];
  if (major === undefined || minor === undefined) return null;
  return {
    major: Number(major),
    minor: Number(minor),
    update: Number(update),
    build: build === null ? null : Number(build),
  };
};

/**
 * Orders two versions: negative when `one` is older, positive when it is newer, 0 when they are the same. A release without a
 * build comes before all its builds.
 */
export const compareVersions = (one: SmartServerVersion, other: SmartServerVersion): number =>
  one.major - other.major ||
  one.minor - other.minor ||
  one.update - other.update ||
  (one.build ?? -1) - (other.build ?? -1);

/** A version as numbers that order as `compareVersions` does: for an index of a database, or a key. */
export const versionKey = ({ major, minor, update, build }: SmartServerVersion): number[] => [
  major,
  minor,
  update,
  build ?? -1,
];

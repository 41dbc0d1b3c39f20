/** What is counted, and how long a count lasts from its first guess on. */
export type GuessBucket = { name: string; windowSeconds: number };

/** How often a bucket was counted in its window, this time included. */
export type GuessCount = { count: number; windowEndsAt: Date };

/** Counts guesses, each bucket within a running window of its own. */
export type GuessCounter = {
  /** Counts each bucket once more. @returns their counts, in the order of the buckets */
  up(buckets: readonly GuessBucket[], now: Date): Promise<GuessCount[]>;
  /** Takes back what was counted at `countedAt`; nothing where that window has ended since. */
  down(buckets: readonly GuessBucket[], countedAt: Date): Promise<void>;
  /** Forgets a bucket. */
  reset(name: string): Promise<void>;
  deleteOld(now: Date): Promise<void>;
};

/** The rule of a window, which the database keeps as well: it begins with the first guess, and the next one after its end. */
export const countUp = (before: GuessCount | undefined, windowSeconds: number, now: Date): GuessCount =>
  before === undefined || before.windowEndsAt <= now
    ? { count: 1, windowEndsAt: new Date(now.getTime() + windowSeconds * 1000) }
    : { count: before.count + 1, windowEndsAt: before.windowEndsAt };

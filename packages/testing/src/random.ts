import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

/** Random choices that the same seed repeats. */
export type Random = {
  readonly seed: number;
  /** At least 0, less than 1. */
  fraction(): number;
  /** Integer from 0 to `limit` - 1. */
  below(limit: number): number;
  /** True for one of so many calls. */
  oneOf(count: number): boolean;
  /** One of the items, which must not be none. */
  pick<T>(items: readonly T[]): T;
  /** The same items in random order. */
  shuffle<T>(items: readonly T[]): T[];
};

/** The seed of this run: SEED from the environment, which Jest's global set-up chooses when it is not set. */
export const runSeed = (): number => Number(process.env.SEED ?? 0);

/** Announces the seed on the output, so that a run can be repeated by `SEED=…`; for suites that use a generator of their own. */
export const announcedSeed = (suite: string): number => {
  const seed = runSeed();
  process.stdout.write(`${suite}: SEED=${seed}\n`);
  return seed;
};

/** The random choices of a suite; its seed is printed. */
export const seededRandom = (suite: string): Random => randomOf(announcedSeed(suite));

export const randomOf = (seed: number): Random => {
  const generator = xoroshiro128plus(seed);
  const fraction = (): number => uniformFloat64(generator);
  const below = (limit: number): number => uniformInt(generator, 0, limit - 1);
  return {
    seed,
    fraction,
    below,
    oneOf: (count) => below(count) === 0,
    pick: (items) => {
      if (items.length === 0) throw new Error('there is nothing to pick from');
      return items[below(items.length)] as never;
    },
    shuffle: (items) => {
      const shuffled = [...items];
      for (let at = shuffled.length - 1; at > 0; at -= 1) {
        const other = below(at + 1);
        [shuffled[at], shuffled[other]] = [shuffled[other] as never, shuffled[at] as never];
      }
      return shuffled;
    },
  };
};

export const second = 1_000;
export const minute = 60 * second;
export const hour = 60 * minute;

/** Milliseconds to wait after the n-th failure, n from 1 on: `first`, twice that, …, at most `most`. */
export const doubling =
  (first: number, most: number) =>
  (failures: number): number =>
    Math.min(first * 2 ** (failures - 1), most);

/** Part of a delay that is waited, so that what failed together does not come back together. @param random from 0 to 1 */
export const jittered = (delay: number, { least, most }: { least: number; most: number }, random: number): number =>
  delay * (least + (most - least) * random);

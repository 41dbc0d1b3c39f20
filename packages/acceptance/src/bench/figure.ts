/** One measured figure next to its floor, taken in the same run. `ratio` is ours / floor, round by round, the median of all. */
export type Figure = { name: string; unit: string; ours: number; floor: number; ratio: number };

const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 ? upper : ((sorted[middle - 1] ?? upper) + upper) / 2;
};

const round = (value: number): number => Number(value.toPrecision(4));

/** Machines are noisy: each round measures both sides one after the other, and only ratios of one round are compared. */
export const figure = (name: string, unit: string, rounds: readonly { ours: number; floor: number }[]): Figure => ({
  name,
  unit,
  ours: round(median(rounds.map(({ ours }) => ours))),
  floor: round(median(rounds.map(({ floor }) => floor))),
  ratio: round(median(rounds.map(({ ours, floor }) => ours / floor))),
});

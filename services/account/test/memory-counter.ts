import { countUp, type GuessCount, type GuessCounter } from '../src/guesses/counter.ts';

/** Counts as the database does (guesses/counter.test.ts compares them), fast enough for millions. */
export const memoryCounter = (): GuessCounter => {
  const counts = new Map<string, GuessCount>();
  return {
    up: async (buckets, now) =>
      buckets.map(({ name, windowSeconds }) => {
        const count = countUp(counts.get(name), windowSeconds, now);
        counts.set(name, count);
        return count;
      }),
    down: async (buckets, countedAt) => {
      for (const { name, windowSeconds } of buckets) {
        const known = counts.get(name);
        if (known === undefined || known.count === 0) continue;
        const endsIn = known.windowEndsAt.getTime() - countedAt.getTime();
        if (endsIn > 0 && endsIn <= windowSeconds * 1000) counts.set(name, { ...known, count: known.count - 1 });
      }
    },
    reset: async (name) => {
      counts.delete(name);
    },
    deleteOld: async (now) => {
      for (const [name, { windowEndsAt }] of counts) if (windowEndsAt < now) counts.delete(name);
    },
  };
};

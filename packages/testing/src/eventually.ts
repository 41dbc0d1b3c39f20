import { setTimeout as pause } from 'node:timers/promises';

/**
 * Reads something that real servers bring about: again and again until there is a result or the time is over.
 * @param options.timeoutMs milliseconds, 1000 by default
 * @param options.intervalMs milliseconds between two tries, 25 by default
 */
export const eventually = async <T>(
  read: () => Promise<T | null>,
  { timeoutMs = 1_000, intervalMs = 25 }: { timeoutMs?: number; intervalMs?: number } = {},
): Promise<T | null> => {
  // A span of real time, not a moment of the domain: the monotonic clock, which nobody sets.
  const end = performance.now() + timeoutMs;
  for (;;) {
    const result = await read();
    const left = end - performance.now();
    if (result !== null || left <= 0) return result;
    await pause(Math.min(intervalMs, left));
  }
};

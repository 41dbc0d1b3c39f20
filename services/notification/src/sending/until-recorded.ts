import { setTimeout as pause } from 'node:timers/promises';

/**
 * Records what has happened out there, again and again while the database is away, for as long as a lease keeps others from doing the
 * same once more. Never rejects.
 * @param milliseconds how long it is worth trying
 */
export const untilRecorded = async (
  record: () => Promise<void>,
  milliseconds: number,
  onFailure: (error: unknown) => void,
): Promise<void> => {
  const end = performance.now() + milliseconds;
  for (let delay = 50; ; delay = Math.min(delay * 2, 5_000)) {
    try {
      return await record();
    } catch (error) {
      onFailure(error);
      if (performance.now() + delay > end) return;
      await pause(delay);
    }
  }
};

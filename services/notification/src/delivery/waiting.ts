import { setTimeout as pause } from 'node:timers/promises';

/** Lets a loop sleep until it is woken. A wake that comes while nobody sleeps is kept for the next one. */
export type Signal = { wake(): void; wait(milliseconds: number): Promise<void> };

export const createSignal = (): Signal => {
  let woken = false;
  let end: (() => void) | null = null;
  return {
    wake() {
      woken = true;
      end?.();
    },
    async wait(milliseconds) {
      if (!woken) {
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, milliseconds);
          end = () => {
            clearTimeout(timer);
            resolve();
          };
        });
        end = null;
      }
      woken = false;
    },
  };
};

/**
 * What has been sent must not be sent again because the database is away for a moment: recording is repeated as long as the lease keeps
 * others from it. Only the end of the process can come between. Never rejects. [guarantees.md 10]
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

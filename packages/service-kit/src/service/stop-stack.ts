import { setTimeout as pause } from 'node:timers/promises';
import type { Logger } from '../logger.ts';

const STEP_TIMEOUT_MS = 5_000;

/** What has been opened or started, to be stopped in the opposite order. */
export type StopStack = {
  /** @param timeoutMs how long stopping it may take; 5 s by default */
  add(name: string, stop: () => Promise<unknown>, timeoutMs?: number): void;
  /**
   * Stops everything, the last first, each within its time. One that fails or hangs is logged and left behind: the others still
   * get their turn. May be called again: it stops once.
   */
  stop(): Promise<void>;
};

export const createStopStack = (logger: Logger): StopStack => {
  const steps: { name: string; stop: () => Promise<unknown>; timeoutMs: number }[] = [];
  let stopping: Promise<void> | null = null;

  const run = async (): Promise<void> => {
    for (const { name, stop, timeoutMs } of steps.toReversed()) {
      try {
        if (!(await within(stop(), timeoutMs))) logger.warn({ step: name, timeoutMs }, 'stopping took too long');
      } catch (err) {
        logger.warn({ step: name, err }, 'stopping failed');
      }
    }
  };

  return {
    add: (name, stop, timeoutMs = STEP_TIMEOUT_MS) => void steps.push({ name, stop, timeoutMs }),
    stop: () => {
      stopping ??= run();
      return stopping;
    },
  };
};

/** Whether the work ended within its time. */
export const within = async (work: Promise<unknown>, timeoutMs: number): Promise<boolean> => {
  const abort = new AbortController();
  const late = pause(timeoutMs, false, { signal: abort.signal }).catch(() => false);
  try {
    return await Promise.race([work.then(() => true), late]);
  } finally {
    abort.abort();
  }
};

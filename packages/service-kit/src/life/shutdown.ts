import { setTimeout as pause } from 'node:timers/promises';
import type { Logger } from '../logger.ts';

/** One phase of stopping. */
export type ShutdownStep = { name: string; stop: () => Promise<void>; timeoutMs?: number };

const STEP_TIMEOUT_MS = 5_000;

/**
 * Runs the steps one after the other, each within its time (5 s unless told otherwise). One that fails or hangs is logged and
 * left behind: the others still get their turn. Returned as `stop` of a service, it may be called again: it stops once.
 */
export const stopInOrder = (logger: Logger, steps: readonly ShutdownStep[]): (() => Promise<void>) => {
  let stopping: Promise<void> | null = null;
  return () => {
    stopping ??= runSteps(logger, steps);
    return stopping;
  };
};

const runSteps = async (logger: Logger, steps: readonly ShutdownStep[]): Promise<void> => {
  for (const { name, stop, timeoutMs = STEP_TIMEOUT_MS } of steps) {
    try {
      if (!(await within(stop(), timeoutMs))) logger.warn({ step: name, timeoutMs }, 'stopping took too long');
    } catch (err) {
      logger.warn({ step: name, err }, 'stopping failed');
    }
  }
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

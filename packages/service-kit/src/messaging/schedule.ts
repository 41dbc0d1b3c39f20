import type { QueueName } from '@smartserver/contracts';
import type { Logger } from '../logger.ts';
import type { OpenQueues } from './open-queues.ts';
import type { Subscription } from './subscription.ts';

/** Work that is repeated by whichever process is free. */
export type Schedule = { close(): Promise<void> };

/** The queues may lose a schedule, as they may lose anything: it is set again. Set twice, it is one. */
const SET_EVERY_MS = 60_000;

/** Milliseconds. */
export type ScheduleTiming = { everyMs: number; setEveryMs?: number };

type ScheduleDeps = {
  queues: OpenQueues;
  subscribe: (queue: QueueName, receive: () => Promise<{ kind: 'done' }>) => Subscription;
  logger: Logger;
};

/**
 * A BullMQ job scheduler, which all processes share, and a worker of this process. A run whose process ends, or stands still, is
 * started again by another: `work` must be repeatable. One that fails waits for the next.
 */
export const startSchedule = (
  deps: ScheduleDeps,
  name: string,
  work: () => Promise<void>,
  { everyMs, setEveryMs = SET_EVERY_MS }: ScheduleTiming,
): Schedule => {
  const { queues, logger } = deps;
  // Not one of the queues that carry events.
  const queue = name as QueueName;

  const set = (): void => {
    const template = { name, opts: { removeOnComplete: true, removeOnFail: true, stackTraceLimit: 0 } };
    queues
      .use(queue, (open) => open.upsertJobScheduler(name, { every: everyMs }, template))
      .catch((err: unknown) => logger.debug({ err, schedule: name }, 'schedule could not be set'));
  };

  let running: Promise<void> | null = null;
  const run = async (): Promise<{ kind: 'done' }> => {
    // One that takes longer than the interval is not started a second time here.
    running ??= work()
      .catch((err: unknown) => logger.error({ err, schedule: name }, 'scheduled run failed'))
      .finally(() => {
        running = null;
      });
    await running;
    return { kind: 'done' };
  };

  const subscription = deps.subscribe(queue, run);
  set();
  const timer = setInterval(set, setEveryMs).unref();
  return {
    close: async () => {
      clearInterval(timer);
      await subscription.close();
    },
  };
};

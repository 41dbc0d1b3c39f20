import type { KeepJobs, Processor, Queue, Worker, WorkerOptions } from 'bullmq';
import type { Logger } from '../logger.ts';
import { postgresTransport } from './postgres-transport.ts';
import { redisTransport } from './redis-transport.ts';

/** `result`: what the worker returned, of a finished job. */
export type JobState = { state: string; result: unknown };

/** What differs between the two back ends of BullMQ. */
export type Transport = {
  kind: 'redis' | 'postgres';
  /** Resolves once queues and workers can be opened; tries again for as long as it takes. */
  ready(): Promise<void>;
  openQueue(name: string): Queue;
  openWorker(name: string, processor: Processor, options: Omit<WorkerOptions, 'connection'>): Worker;
  /** How long finished jobs are kept, for the relay to see that they are finished. */
  keepCompleted: KeepJobs;
  /** Seconds an idle worker waits before it looks by itself, without a call. */
  drainDelaySeconds: number;
  /** Of each job that exists: one that is deleted at this moment is not there, or is there with its result. */
  statesOf(queue: Queue, ids: readonly string[]): Promise<Map<string, JobState>>;
  close(): Promise<void>;
};

type Shared = { transport: Transport; users: number };

/** All services of one process, when they use the same queues, use the same connections. */
const open = new Map<string, Shared>();

/** The transport for an address. `close` closes it once its last user has called it. */
export const shareTransport = (url: string, logger: Logger, poolSize: number): Transport => {
  const shared = open.get(url) ?? { transport: createTransport(url, logger, poolSize), users: 0 };
  open.set(url, shared);
  shared.users += 1;
  let closed = false;
  return {
    ...shared.transport,
    close: async () => {
      if (closed) return;
      closed = true;
      shared.users -= 1;
      if (shared.users > 0) return;
      open.delete(url);
      await shared.transport.close();
    },
  };
};

const createTransport = (url: string, logger: Logger, poolSize: number): Transport => {
  const { protocol } = new URL(url);
  if (protocol === 'redis:' || protocol === 'rediss:') return redisTransport(url, logger);
  if (protocol === 'postgres:' || protocol === 'postgresql:') return postgresTransport(url, logger, poolSize);
  throw new Error('the address of the queues begins with none of redis://, rediss://, postgres://');
};

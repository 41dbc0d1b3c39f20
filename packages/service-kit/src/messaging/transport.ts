import type { KeepJobs, Processor, Queue, Worker, WorkerOptions } from 'bullmq';

export type JobState = { state: string /** What the worker returned, of a finished job. */; result: unknown };

/** What differs between the two back ends of BullMQ. */
export type Transport = {
  kind: 'redis' | 'postgres';
  /** Resolves once queues and workers can be opened; tries again for as long as it takes. */
  ready(): Promise<void>;
  openQueue(name: string): Queue;
  openWorker(name: string, processor: Processor, options: Omit<WorkerOptions, 'connection'>): Worker;
  /** How long finished jobs stay, to be recognised as finished by the relay. */
  keepCompleted: KeepJobs;
  /** Seconds an idle worker waits before it looks by itself, without having been called. */
  drainDelaySeconds: number;
  /** Of each job that exists. */
  statesOf(queue: Queue, ids: readonly string[]): Promise<Map<string, JobState>>;
  close(): Promise<void>;
};

/** Fails instead of waiting for ever: a client library may hold a call until its server is back. */
export const within = async <T>(milliseconds: number, what: string, work: Promise<T>): Promise<T> => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what} took longer than ${milliseconds} ms`)), milliseconds);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
};

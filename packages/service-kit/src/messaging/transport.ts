import type { KeepJobs, Processor, Queue, Worker, WorkerOptions } from 'bullmq';

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

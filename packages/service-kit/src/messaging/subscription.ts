import { randomUUID } from 'node:crypto';
import type { QueueName } from '@smartserver/contracts';
import { DelayedError, type Job, UnrecoverableError, type Worker } from 'bullmq';
import type { Logger } from '../logger.ts';
import { fromJob, type IncomingBatch, type Outcome, toJobResult } from './batch.ts';
import type { Transport } from './transport.ts';

export type Receive = (batch: IncomingBatch) => Promise<Outcome>;

/** Job name of probes, which only test the way through the queue and the worker. Fixed: workers of the version before know it. */
export const PROBE_JOB = 'canary';

/** A failure that is retried after a delay. */
class Failed extends Error {
  constructor(
    message: string,
    readonly delayMs: number,
  ) {
    super(message);
  }
}

/** One BullMQ worker on one queue; replaced when it is stuck. */
export class Subscription {
  private worker: Worker | null = null;
  private closed = false;
  /** Monotonic milliseconds of the last job that ended. */
  lastActiveAt = performance.now();

  constructor(
    readonly queue: QueueName,
    private readonly deps: { transport: Transport; logger: Logger; receive: Receive; concurrency: number },
  ) {
    void this.open();
  }

  async restart(): Promise<void> {
    const stuck = this.worker;
    this.lastActiveAt = performance.now();
    await this.open();
    // Not waited for: it may hang.
    stuck?.close(true).catch(() => undefined);
  }

  /** Lets the messages that are being worked on end. */
  async close(): Promise<void> {
    this.closed = true;
    await this.worker?.close();
  }

  private async open(): Promise<void> {
    const { transport, logger, concurrency } = this.deps;
    await transport.ready();
    if (this.closed) return;
    const worker = transport.openWorker(this.queue, (job, token) => this.process(job, token), {
      name: randomUUID(),
      concurrency,
      drainDelay: transport.drainDelaySeconds,
      // An outage of the queues must not keep a worker waiting long after its end [guarantees.md 12].
      runRetryDelay: 2_000,
      // Jobs of a worker that was killed go to another one when its lock has ended and a check has passed: 45 s at most.
      lockDuration: 20_000,
      stalledInterval: 10_000,
      // That a worker dies with a job is not the fault of the job, at least not the first times.
      maxStalledCount: 10,
      settings: { backoffStrategy: (_attempts, _type, error) => (error instanceof Failed ? error.delayMs : 1_000) },
    });
    worker.on('error', (error) => logger.warn({ err: error, queue: this.queue }, 'queue worker error'));
    worker.on('completed', () => {
      this.lastActiveAt = performance.now();
    });
    worker.on('failed', () => {
      this.lastActiveAt = performance.now();
    });
    // A worker whose first contact with the queues failed does not recover: it is replaced.
    worker.waitUntilReady().catch(() => setTimeout(() => this.worker === worker && void this.restart(), 1_000).unref());
    this.worker = worker;
  }

  /** @returns the result of a finished job, which its relay asks for */
  private async process(job: Job, token: string | undefined): Promise<ReturnType<typeof toJobResult>> {
    if (job.name === PROBE_JOB) return undefined;
    const outcome = await this.deps.receive(fromJob(this.queue, job));
    switch (outcome.kind) {
      case 'done':
        return toJobResult(outcome.isolated);
      case 'later':
        await job.moveToDelayed(Date.now() + outcome.delayMs, token);
        this.lastActiveAt = performance.now();
        throw new DelayedError();
      case 'failed':
        throw new Failed(outcome.error, outcome.delayMs);
      case 'dead':
        throw new UnrecoverableError(outcome.error);
    }
  }
}

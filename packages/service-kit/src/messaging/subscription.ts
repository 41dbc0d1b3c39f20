import { randomUUID } from 'node:crypto';
import type { QueueName } from '@smartserver/contracts';
import { DelayedError, type Job, UnrecoverableError, type Worker } from 'bullmq';
import type { Logger } from '../logger.ts';
import type { Outcome } from './message.ts';
import { fromJob, type IncomingParcel } from './parcel.ts';
import type { Transport } from './transport.ts';

export type Receive = (parcel: IncomingParcel) => Promise<Outcome>;

/** Job name of the canaries. They test the way through the queue and the worker, and have no other effect. */
export const CANARY = 'canary';

/** A failure that is to be tried again; carries when. */
class Failed extends Error {
  readonly delayMs: number;
  constructor(message: string, delayMs: number) {
    super(message);
    this.delayMs = delayMs;
  }
}

/** One BullMQ worker on one queue; opened anew when it has got stuck. */
export class Subscription {
  readonly queue: QueueName;
  private readonly deps: { transport: Transport; logger: Logger; receive: Receive; concurrency: number };
  private worker: Worker | null = null;
  private closed = false;
  /** Monotonic milliseconds of the last sign of life. */
  lastActiveAt = performance.now();

  constructor(queue: QueueName, deps: Subscription['deps']) {
    this.queue = queue;
    this.deps = deps;
    void this.open();
  }

  async restart(): Promise<void> {
    const stuck = this.worker;
    this.lastActiveAt = performance.now();
    await this.open();
    // It may hang for the very reason that it is replaced: not waited for.
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
      // The messages of a worker that was killed go to another one when its lock has ended and a check has passed: 45 s at most.
      lockDuration: 20_000,
      stalledInterval: 10_000,
      // A worker that dies with a message is not the message's fault, at least not the first times.
      maxStalledCount: 10,
      settings: { backoffStrategy: (_attempts, _type, error) => (error instanceof Failed ? error.delayMs : 1_000) },
    });
    worker.on('error', (error) => logger.warn({ err: error, queue: this.queue }, 'the queue worker has an error'));
    worker.on('completed', () => {
      this.lastActiveAt = performance.now();
    });
    worker.on('failed', () => {
      this.lastActiveAt = performance.now();
    });
    // A worker whose first contact with the queues failed stays dead: a new one is made.
    worker.waitUntilReady().catch(() => setTimeout(() => this.worker === worker && void this.restart(), 1_000).unref());
    this.worker = worker;
  }

  /** @returns what stays with the finished job, for whoever asks what became of it */
  private async process(job: Job, token: string | undefined): Promise<{ apart: readonly string[] } | undefined> {
    if (job.name === CANARY) return undefined;
    const outcome = await this.deps.receive(fromJob(this.queue, job));
    switch (outcome.kind) {
      case 'done':
        return outcome.apart === undefined ? undefined : { apart: outcome.apart };
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

import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { QueueName } from '@smartserver/contracts';
import type { KeepJobs } from 'bullmq';
import type { Logger } from '../logger.ts';
import type { OpenQueues } from './open-queues.ts';
import { PROBE_JOB, type Subscription } from './subscription.ts';

// Below the limit of a readiness check.
const ANSWER_WITHIN_MS = 1_500;
const LOOK_EVERY_MS = 50;
/** Readiness checks may come often, also from several places: within this time they share one probe. */
const VALID_FOR_MS = 5_000;
const WATCH_EVERY_MS = 20_000;
/** A worker that finished nothing for so long, while a probe waited for it, is taken for stuck. */
const STUCK_AFTER_MS = 45_000;

/** Checks whether messages come through the queues, and replaces workers through which none does. */
export class QueueProbe {
  private readonly prefix = `${PROBE_JOB}-${randomUUID()}`;
  /** Probes that no worker has taken yet, by queue. */
  private readonly waiting = new Map<QueueName, string>();
  private count = 0;
  private last: { at: number; result: Promise<QueueName[]> } | null = null;
  private timer: NodeJS.Timeout | null = null;

  constructor(
    private readonly deps: {
      queues: OpenQueues;
      subscriptions: Set<Subscription>;
      keepCompleted: KeepJobs;
      logger: Logger;
    },
  ) {}

  /** @throws Error that names the queues through which no probe came */
  async probe(): Promise<void> {
    const silent = await this.silentQueues();
    if (silent.length > 0) throw new Error(`no probe came through ${silent.join(', ')}`);
  }

  watch(): void {
    this.timer ??= setInterval(() => void this.look(), WATCH_EVERY_MS).unref();
  }

  stop(): void {
    if (this.timer !== null) clearInterval(this.timer);
  }

  private async look(): Promise<void> {
    const silent = await this.silentQueues().catch((): QueueName[] => []);
    for (const subscription of this.deps.subscriptions) {
      const idleMs = performance.now() - subscription.lastActiveAt;
      if (!silent.includes(subscription.queue) || idleMs < STUCK_AFTER_MS) continue;
      this.deps.logger.warn({ queue: subscription.queue, idleMs }, 'queue worker is stuck and will be replaced');
      await subscription.restart();
    }
  }

  /** @throws Error when the queues are down: that is no fault of the workers */
  private silentQueues(): Promise<QueueName[]> {
    const now = performance.now();
    if (this.last === null || now - this.last.at > VALID_FOR_MS) {
      this.last = { at: now, result: this.send() };
    }
    return this.last.result;
  }

  private async send(): Promise<QueueName[]> {
    const names = [...new Set([...this.deps.subscriptions].map(({ queue }) => queue))];
    const answers = await Promise.all(names.map((name) => this.sendThrough(name)));
    return names.filter((_, i) => answers[i] === false);
  }

  private async sendThrough(name: QueueName): Promise<boolean> {
    // One probe of this process at most waits in a queue, however long no worker takes it; it goes before other jobs.
    const jobId = this.waiting.get(name) ?? this.nextId(name);
    // Kept like other finished jobs: a job that is not there proves nothing. Adding it again does nothing while it is there.
    const removeOnComplete = this.deps.keepCompleted;
    await this.deps.queues.use(name, (queue) =>
      queue.add(PROBE_JOB, {}, { jobId, lifo: true, removeOnComplete, removeOnFail: true }),
    );
    const end = performance.now() + ANSWER_WITHIN_MS;
    while (performance.now() < end) {
      const state = await this.deps.queues.use(name, (queue) => queue.getJobState(jobId));
      if (state === 'completed') {
        this.waiting.delete(name);
        return true;
      }
      await pause(LOOK_EVERY_MS);
    }
    return false;
  }

  private nextId(name: QueueName): string {
    this.count += 1;
    const id = `${this.prefix}-${this.count}`;
    this.waiting.set(name, id);
    return id;
  }
}

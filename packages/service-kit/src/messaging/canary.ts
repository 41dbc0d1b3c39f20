import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { QueueName } from '@smartserver/contracts';
import type { Logger } from '../logger.ts';
import type { OpenQueues } from './open-queues.ts';
import { CANARY, type Subscription } from './subscription.ts';

// Below the limit of a readiness check.
const ANSWER_WITHIN_MS = 1_500;
const LOOK_EVERY_MS = 50;
/** Probes may come often, also from several places: within this time they share one canary. */
const VALID_FOR_MS = 5_000;
const WATCH_EVERY_MS = 20_000;
/** A worker that did nothing for so long, while a canary waited for it, is taken for stuck. */
const STUCK_AFTER_MS = 45_000;

/** Tells whether messages come through, and opens workers anew through which none does. */
export class Canary {
  private readonly deps: { queues: OpenQueues; subscriptions: Set<Subscription>; logger: Logger };
  private readonly name = randomUUID();
  private last: { at: number; result: Promise<QueueName[]> } | null = null;
  private timer: NodeJS.Timeout | null = null;

  constructor(deps: Canary['deps']) {
    this.deps = deps;
  }

  async sing(): Promise<void> {
    const silent = await this.silentQueues();
    if (silent.length > 0) throw new Error(`no message came through ${silent.join(', ')}`);
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
      this.deps.logger.warn({ queue: subscription.queue }, 'the queue worker is stuck: it is opened anew');
      await subscription.restart();
    }
  }

  /** @throws Error when the queues are away: that is not the workers' fault */
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
    // One canary of this process at most waits in a queue, however long nobody takes it; it goes before what waits there.
    const id = `${CANARY}-${this.name}`;
    await this.deps.queues.use(name, (queue) =>
      queue.add(CANARY, {}, { jobId: id, lifo: true, removeOnComplete: true, removeOnFail: true }),
    );
    const end = performance.now() + ANSWER_WITHIN_MS;
    while (performance.now() < end) {
      const state = await this.deps.queues.use(name, (queue) => queue.getJobState(id));
      if (state === 'unknown' || state === 'completed') return true;
      await pause(LOOK_EVERY_MS);
    }
    return false;
  }
}

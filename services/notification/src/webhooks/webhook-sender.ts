import { setMaxListeners } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { createSignal } from '../sending/signal.ts';
import { type DeliverDeps, deliverWebhook, leaseMsOf } from './deliver.ts';
import type { LeasedWebhook } from './outbound.ts';

export type WebhookSenderLimits = {
  /** Webhooks on their way at the same time. */
  connections: number;
  /** … to endpoints whose last attempt failed: those that hang leave the rest to the others. */
  toFailing: number;
  /** … to one endpoint. */
  perEndpoint: number;
  /** Milliseconds between two looks at the table when nobody wakes it: finds what other processes left, or retries. */
  pollMs: number;
  /** Milliseconds that stop() lets webhooks finish which are on their way. */
  drainMs: number;
  /** Milliseconds that stop() then waits for what is cut to be recorded. */
  cutMs: number;
};

export const webhookSenderLimits: WebhookSenderLimits = {
  connections: 32,
  toFailing: 16,
  perEndpoint: 4,
  pollMs: 2_000,
  drainMs: 5_000,
  cutMs: 1_000,
};

/** Sends what is due. Any number of senders, in any number of processes, share the work. */
export type WebhookSender = {
  /** There may be something to send: called after a commit. */
  wake(): void;
  /** Runs until stop(). */
  start(): void;
  /** Sends what is due now, and ends. */
  sendDue(): Promise<void>;
  /** Takes no more, lets those on their way finish within `drainMs`, then cuts the connections: at most 6 seconds in all. */
  stop(): Promise<void>;
};

export const createWebhookSender = (
  deps: DeliverDeps,
  limits: WebhookSenderLimits = webhookSenderLimits,
): WebhookSender => {
  const { queue, clock, logger } = deps;
  const signal = createSignal();
  const cut = new AbortController();
  // One for each webhook that is on its way.
  setMaxListeners(limits.connections + 1, cut.signal);
  const onTheirWay = new Map<Promise<void>, { endpointId: string; failing: boolean }>();
  let stopping = false;
  let running: Promise<void> = Promise.resolve();

  const busy = (): Map<string, number> => {
    const counts = new Map<string, number>();
    for (const { endpointId } of onTheirWay.values()) counts.set(endpointId, (counts.get(endpointId) ?? 0) + 1);
    return counts;
  };

  const launch = (webhook: LeasedWebhook, failing: boolean): void => {
    const done = deliverWebhook(deps, webhook, cut.signal).then(() => {
      onTheirWay.delete(done);
      signal.wake();
    });
    onTheirWay.set(done, { endpointId: webhook.endpointId, failing });
  };

  const room = (failing: boolean): number => {
    const free = limits.connections - onTheirWay.size;
    if (!failing) return free;
    return Math.min(free, limits.toFailing - [...onTheirWay.values()].filter((each) => each.failing).length);
  };

  /** @returns how many were taken */
  const take = async (failing: boolean): Promise<number> => {
    const limit = room(failing);
    if (limit < 1 || stopping) return 0;
    const now = clock.now();
    const leaseEnd = new Date(now.getTime() + leaseMsOf(deps.timing));
    // Whoever fails is asked by one at a time whether it is back.
    const perEndpoint = failing ? 1 : limits.perEndpoint;
    const webhooks = await queue.lease({ failing, limit, perEndpoint, busy: busy(), now, leaseEnd });
    for (const webhook of webhooks) launch(webhook, failing);
    return webhooks.length;
  };

  const step = async (): Promise<number> => (await take(false)) + (await take(true));

  const run = async (): Promise<void> => {
    while (!stopping) {
      try {
        if ((await step()) > 0) continue;
      } catch (err) {
        logger.error({ err }, 'webhooks that are due could not be read');
      }
      await signal.wait(limits.pollMs);
    }
  };

  return {
    wake: signal.wake,
    start() {
      running = run();
    },
    async sendDue() {
      for (;;) {
        // What is under way keeps others of its endpoint waiting, which are looked for again once it is over.
        const underWay = onTheirWay.size > 0;
        if ((await step()) === 0 && !underWay) return;
        if (onTheirWay.size > 0) await Promise.race(onTheirWay.keys());
      }
    },
    async stop() {
      stopping = true;
      signal.wake();
      const finished = running.then(() => Promise.all(onTheirWay.keys()));
      await Promise.race([finished, pause(limits.drainMs, undefined, { ref: false })]);
      cut.abort();
      // Time to record what was cut. What cannot be recorded is due again when its lease ends.
      await Promise.race([finished, pause(limits.cutMs, undefined, { ref: false })]);
    },
  };
};

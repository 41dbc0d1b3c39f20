import { setTimeout as pause } from 'node:timers/promises';
import type { LeasedEmail } from '../emails/email.ts';
import { type DeliveryDeps, deliver, leaseMsOf } from './delivery.ts';
import { createPace } from './pace.ts';
import { createSignal } from './signal.ts';
import { unreachableDelay } from './verdict.ts';

export type SenderLimits = {
  /** E-mails on their way at the same time. */
  connections: number;
  /** E-mails per second and process, at most. */
  perSecond: number;
  /** Milliseconds between two looks at the table when nobody wakes it: finds what other processes left, or retries. */
  pollMs: number;
  /** Milliseconds that stop() lets e-mails finish which are on their way. */
  drainMs: number;
  /** Milliseconds that stop() then waits for the outcomes of cut e-mails to be recorded. */
  cutMs: number;
};

export const senderLimits: SenderLimits = {
  connections: 5,
  perSecond: 20,
  pollMs: 2_000,
  drainMs: 5_000,
  cutMs: 1_000,
};

/** Sends what is due. Any number of senders, in any number of processes, share the work. */
export type Sender = {
  /** There may be something to send: called after a commit. */
  wake(): void;
  /** Runs until stop(). */
  start(): void;
  /** Sends what is due now, as far as the limits allow, and ends. */
  sendDue(): Promise<void>;
  /** Takes no more, lets those on their way finish within `drainMs`, then cuts the connections: at most 6 seconds in all. */
  stop(): Promise<void>;
};

export const createSender = (deps: DeliveryDeps, limits: SenderLimits = senderLimits): Sender => {
  const { queue, transport, clock, logger } = deps;
  const pace = createPace(clock, limits.perSecond);
  const signal = createSignal();
  const onTheirWay = new Set<Promise<void>>();
  /** While the server cannot be reached, one e-mail at a time tries whether it is back. */
  const outage = { failures: 0, until: 0 };
  let stopping = false;
  let running: Promise<void> = Promise.resolve();

  const room = (): number => {
    if (stopping || clock.now().getTime() < outage.until) return 0;
    const connections = outage.failures > 0 ? 1 : limits.connections;
    return Math.max(0, Math.min(connections - onTheirWay.size, pace.available()));
  };

  /** One connection stays free for sign-in codes, where there are several: they wait for no letter that takes its time. */
  const roomForEmails = (): number => {
    const kept = limits.connections > 1 && outage.failures === 0 ? 1 : 0;
    return Math.max(0, limits.connections - kept - onTheirWay.size);
  };

  const noteOutage = (): void => {
    const now = clock.now().getTime();
    // Those that were on their way together fail together: that is one failure to reach the server.
    if (now < outage.until) return;
    outage.failures += 1;
    outage.until = now + unreachableDelay(outage.failures);
  };

  const launch = (email: LeasedEmail): void => {
    const done = deliver(deps, email).then((result) => {
      onTheirWay.delete(done);
      if (result === 'reached') {
        outage.failures = 0;
        outage.until = 0;
      } else {
        noteOutage();
      }
      signal.wake();
    });
    onTheirWay.add(done);
  };

  /** @returns how many were taken */
  const step = async (): Promise<number> => {
    const limit = room();
    if (limit === 0) return 0;
    const now = clock.now();
    const leaseEnd = new Date(now.getTime() + leaseMsOf(deps.timing));
    const emails = await queue.lease({ limit, letters: Math.min(limit, roomForEmails()), now, leaseEnd });
    pace.take(emails.length);
    for (const email of emails) launch(email);
    return emails.length;
  };

  /** How long there is nothing to do, unless somebody wakes the loop. */
  const idleMs = (): number => {
    if (pace.available() < 1) return 1_000 / limits.perSecond;
    const pausedMs = outage.until - clock.now().getTime();
    return pausedMs > 0 ? Math.min(pausedMs, limits.pollMs) : limits.pollMs;
  };

  const run = async (): Promise<void> => {
    while (!stopping) {
      try {
        if ((await step()) > 0) continue;
      } catch (err) {
        logger.error({ err }, 'e-mails that are due could not be read');
      }
      await signal.wait(idleMs());
    }
  };

  return {
    wake: signal.wake,
    start() {
      running = run();
    },
    async sendDue() {
      while ((await step()) > 0 || onTheirWay.size > 0) await Promise.all(onTheirWay);
    },
    async stop() {
      stopping = true;
      signal.wake();
      const finished = running.then(() => Promise.all(onTheirWay));
      await Promise.race([finished, pause(limits.drainMs, undefined, { ref: false })]);
      transport.close();
      // Time to record what was cut. What cannot be recorded is due again when its lease ends.
      await Promise.race([finished, pause(limits.cutMs, undefined, { ref: false })]);
    },
  };
};

import { setMaxListeners } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import type { Clock, Logger } from '@smartserver/service-kit';
import { doubling, second } from './backoff.ts';
import { attemptDuration, attemptsInFlight, attemptsMade } from './metrics.ts';
import { createSignal, untilRecorded } from './waiting.ts';

/** A delivery taken for sending. `attempts` distinguishes this lease from every other one of the same delivery. */
export type Leased = {
  /** Values of the primary key. */
  key: readonly string[];
  attempts: number;
  /** Attempts that its retry plan has counted. */
  failures: number;
  /** Whom it goes to, where that is limited. */
  target?: string;
};

/** What one attempt has shown. `failure` is for people who read the list of deliveries, `code` for the log. */
export type Verdict =
  | { kind: 'done' }
  /** `counts`: one step further in its retry plan. `unreachable`: nothing of this sender can be sent now. */
  | { kind: 'retry'; delayMs: number; failure: string; counts: boolean; unreachable?: boolean; code?: string }
  | { kind: 'failed'; failure: string; code?: string }
  /** Cut off because the sender stops: due again at once. */
  | { kind: 'cut' };

/** What may be leased now. */
export type Quota = {
  limit: number;
  now: Date;
  leaseEnd: Date;
  /** In flight in this process, by target. */
  busy: ReadonlyMap<string, number>;
};

/** `waitMs`: the pace keeps more from being leased for so long; null: it does not. */
export type Batch<T> = { items: readonly T[]; waitMs: number | null };

/** One kind of deliveries: how to take, send and record them. Every statement is short: no transaction is open during an attempt. */
export type Lane<T extends Leased, V extends Verdict = Verdict> = {
  name: string;
  /** At most so many in flight. */
  most?: number;
  /** So many connections stay free for the lanes before it, where there are several. */
  keepFree?: number;
  /** Takes due deliveries until `leaseEnd`; another sender, in another process, takes others. */
  lease(quota: Quota): Promise<Batch<T>>;
  send(item: T, cut: AbortSignal): Promise<V>;
  /** Records `done` even when the lease was lost: it is the truth. Everything else does nothing then. */
  record(item: T, verdict: V, at: Date): Promise<void>;
};

export type SenderOptions = {
  /** Deliveries in flight at the same time. */
  connections: number;
  /** Milliseconds that one attempt may take. */
  attemptMs: number;
  /** Milliseconds for which recording is repeated while the database is away. The lease lasts for both. */
  recordMs: number;
  /** Milliseconds between two looks at the table when nothing wakes the sender: finds retries, and what other processes left. */
  pollMs: number;
  /** Milliseconds that stop() lets deliveries in flight finish, and then waits for what was cut to be recorded. */
  drainMs: number;
  cutMs: number;
};

export const senderDefaults = { pollMs: 2_000, drainMs: 5_000, cutMs: 1_000 };

export type SenderDeps = {
  clock: Clock;
  logger: Logger;
  /** Cuts connections that the signal given to `send` does not. */
  onCut?: () => void;
};

/** Sends what is due. Any number of senders, in any number of processes, share the work. */
export type Sender = {
  /** There may be something to send: called after a commit. */
  wake(): void;
  /** Runs until stop(). */
  start(): void;
  /** Sends what is due now, as far as the limits allow, and ends. */
  sendDue(): Promise<void>;
  /** Takes no more, lets those in flight finish within `drainMs`, then cuts them: at most 6 seconds in all. */
  stop(): Promise<void>;
};

/** Milliseconds until the n-th try whether what could not be reached is back. */
const outageDelay = doubling(second, 60 * second);

/** @param lanes the first goes first */
export const createSender = <T extends Leased, V extends Verdict>(
  { clock, logger, onCut }: SenderDeps,
  lanes: readonly Lane<T, V>[],
  options: SenderOptions,
): Sender => {
  const signal = createSignal();
  const cut = new AbortController();
  setMaxListeners(options.connections + 1, cut.signal);
  const inFlight = new Map<Promise<void>, { lane: Lane<T, V>; target: string | undefined }>();
  /** While nothing can be reached, one delivery at a time tries. */
  const outage = { failures: 0, until: 0 };
  let stopping = false;
  let running: Promise<void> = Promise.resolve();
  let pacedMs: number | null = null;

  const free = (lane: Lane<T, V>): number => {
    if (stopping || clock.now().getTime() < outage.until) return 0;
    if (outage.failures > 0) return 1 - inFlight.size;
    const kept = options.connections > 1 ? (lane.keepFree ?? 0) : 0;
    const own = [...inFlight.values()].filter((each) => each.lane === lane).length;
    return Math.min(options.connections - kept - inFlight.size, (lane.most ?? options.connections) - own);
  };

  const busy = (): Map<string, number> => {
    const counts = new Map<string, number>();
    for (const { target } of inFlight.values())
      if (target !== undefined) counts.set(target, (counts.get(target) ?? 0) + 1);
    return counts;
  };

  const noteReachability = (lane: string, verdict: Verdict): void => {
    // What is cut at stop says nothing about the receiver.
    if (stopping || verdict.kind === 'cut') return;
    const now = clock.now().getTime();
    if (verdict.kind !== 'retry' || verdict.unreachable !== true) {
      if (outage.failures > 0) logger.info({ lane }, 'deliveries can be made again');
      Object.assign(outage, { failures: 0, until: 0 });
      // Those that were in flight together fail together: that is one failure.
    } else if (now >= outage.until) {
      if (outage.failures === 0)
        logger.warn({ lane, code: verdict.code }, 'no delivery can be made: retrying one at a time');
      outage.failures += 1;
      outage.until = now + outageDelay(outage.failures);
    }
  };

  /** Never rejects. What cannot be recorded is due again when its lease ends. */
  const deliver = async (lane: Lane<T, V>, item: T): Promise<void> => {
    const about = { lane: lane.name, key: item.key, attempts: item.attempts };
    const took = attemptDuration.startTimer({ lane: lane.name });
    try {
      const verdict = await lane.send(item, cut.signal);
      took();
      noteReachability(lane.name, verdict);
      attemptsMade.inc({ lane: lane.name, outcome: verdict.kind });
      const { kind, code } = { code: undefined, ...verdict };
      if (kind === 'failed') logger.warn({ ...about, code }, 'delivery failed for good');
      else logger.debug({ ...about, verdict: kind, code }, 'delivery attempted');
      const at = clock.now();
      await untilRecorded(
        () => lane.record(item, verdict, at),
        options.recordMs,
        (err) => logger.error({ err, ...about, verdict: kind }, 'delivery outcome could not be recorded'),
      );
    } catch (err) {
      logger.error({ err, ...about }, 'delivery attempt threw');
    }
  };

  const launch = (lane: Lane<T, V>, item: T): void => {
    attemptsInFlight.inc({ lane: lane.name });
    const done = deliver(lane, item).then(() => {
      inFlight.delete(done);
      attemptsInFlight.dec({ lane: lane.name });
      signal.wake();
    });
    inFlight.set(done, { lane, target: item.target });
  };

  /** @returns how many were taken */
  const step = async (): Promise<number> => {
    let taken = 0;
    pacedMs = null;
    for (const lane of lanes) {
      const limit = free(lane);
      if (limit < 1) continue;
      const now = clock.now();
      const leaseEnd = new Date(now.getTime() + leaseMs(options));
      const { items, waitMs } = await lane.lease({ limit, now, leaseEnd, busy: busy() });
      for (const item of items) launch(lane, item);
      taken += items.length;
      pacedMs ??= waitMs;
    }
    return taken;
  };

  const idleMs = (): number => {
    const pausedMs = outage.until - clock.now().getTime();
    return Math.min(options.pollMs, pausedMs > 0 ? pausedMs : (pacedMs ?? options.pollMs));
  };

  const run = async (): Promise<void> => {
    while (!stopping) {
      try {
        if ((await step()) > 0) continue;
      } catch (err) {
        logger.error({ err, lanes: lanes.map(({ name }) => name) }, 'due deliveries could not be read');
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
      for (;;) {
        // What is in flight may keep others waiting, which are looked for again when it is over.
        const wasBusy = inFlight.size > 0;
        if ((await step()) === 0 && !wasBusy) return;
        if (inFlight.size > 0) await Promise.race(inFlight.keys());
      }
    },
    async stop() {
      stopping = true;
      signal.wake();
      const finished = running.then(() => Promise.all(inFlight.keys()));
      await Promise.race([finished, pause(options.drainMs, undefined, { ref: false })]);
      cut.abort();
      onCut?.();
      await Promise.race([finished, pause(options.cutMs, undefined, { ref: false })]);
    },
  };
};

/** How long a delivery is kept from other senders, in milliseconds: an attempt, and the time to record its outcome. */
export const leaseMs = ({ attemptMs, recordMs }: Pick<SenderOptions, 'attemptMs' | 'recordMs'>): number =>
  attemptMs + recordMs;

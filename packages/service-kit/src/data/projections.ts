import type { EventType } from '@smartserver/contracts';
import type { Logger } from '../logger.ts';
import type { Database } from './database.ts';
import { createNoticeListener } from './notice-listener.ts';

/**
 * The events that a request may wait for. Only they are notified of: each notice makes the commits of one PostgreSQL cluster wait for each
 * other, which would slow down events that come by the thousand.
 */
export const AWAITED_EVENTS = [
  'partner.changed.1',
  'customer.changed.1',
  'license.changed.1',
  'hold.resolved.1',
] as const satisfies EventType[];

type AwaitedEvent = (typeof AWAITED_EVENTS)[number];

/** What other services' events have made of this service's tables. */
export type Projections = {
  /**
   * Reads what an event of another service brings, which may still be on its way: reads at once, and when there is nothing, again after
   * each notice that events of one of these types have had an effect in this database, whichever process took them. Without a notice it
   * reads twice, however long it waits: it never polls.
   * @returns null when nothing had come after a second
   */
  waitFor<T>(read: () => Promise<T | null>, types: readonly AwaitedEvent[]): Promise<T | null>;
};

type Timing = {
  /** From the call to the last read. */
  timeoutMs: number;
  /** From the begin of one read to the next one, at least: notices that come meanwhile lead to one read. */
  spacingMs: number;
  /** The connection for notices stays open for so long after the last wait. */
  idleMs: number;
};

const TIMING: Timing = { timeoutMs: 1_000, spacingMs: 50, idleMs: 10_000 };

type Waiter = {
  types: ReadonlySet<string>;
  /** Something may have come since the last read began. */
  stale: boolean;
  wake: () => void;
};

/** Opens no connection: the first wait does, for all of them. */
export const createProjections = (options: {
  database: Pick<Database<never>, 'pool'>;
  logger: Logger;
  timing?: Partial<Timing>;
}): Projections & { stop(): Promise<void> } => {
  const { database, logger } = options;
  const { timeoutMs, spacingMs, idleMs } = { ...TIMING, ...options.timing };
  const waiters = new Set<Waiter>();
  let stopped = false;

  const listener = createNoticeListener({
    config: database.pool.options,
    logger,
    idleMs,
    onNotice: (types) => {
      for (const waiter of waiters) {
        if (!types.some((type) => waiter.types.has(type))) continue;
        waiter.stale = true;
        waiter.wake();
      }
    },
    // Notices from before it listened, or between two connections, were missed.
    onChange: () => {
      for (const waiter of waiters) {
        waiter.stale = true;
        waiter.wake();
      }
    },
  });

  const waitFor: Projections['waitFor'] = async (read, types) => {
    const end = performance.now() + timeoutMs;
    const isOver = () => stopped || performance.now() >= end;
    // Known before the first read begins, so that no notice falls between the two.
    const waiter: Waiter = { types: new Set(types), stale: !listener.isListening(), wake: () => undefined };
    waiters.add(waiter);
    let release = (): void => undefined;
    try {
      for (let reads = 1; ; reads += 1) {
        const earliest = performance.now() + spacingMs;
        const result = await read();
        if (result !== null || isOver()) return result;
        if (reads === 1) release = listener.hold();
        await untilTime(waiter, Math.min(earliest, end), () => stopped);
        await untilTime(waiter, end, () => stopped || (waiter.stale && listener.isListening()));
        if (isOver() && !waiter.stale && reads > 1) return null;
        waiter.stale = !listener.isListening();
      }
    } finally {
      release();
      waiters.delete(waiter);
    }
  };

  return {
    waitFor,
    stop: async () => {
      stopped = true;
      for (const { wake } of waiters) wake();
      await listener.stop();
    },
  };
};

/** Until then, or until it is woken and the condition holds. */
const untilTime = async (waiter: Waiter, time: number, condition: () => boolean): Promise<void> => {
  for (let left = time - performance.now(); left > 0 && !condition(); left = time - performance.now()) {
    await new Promise<void>((resolve) => {
      // A request waits, and its server keeps the process alive.
      const timer = setTimeout(resolve, left).unref();
      waiter.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
};

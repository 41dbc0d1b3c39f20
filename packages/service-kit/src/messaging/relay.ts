import type { QueueName } from '@smartserver/contracts';
import type { Clock } from '../clock.ts';
import type { Database } from '../data/database.ts';
import type { KitTables } from '../data/tables.ts';
import type { Logger } from '../logger.ts';
import { Loop } from './loop.ts';
import type { Messaging } from './messaging.ts';
import { eventsLost, eventsPublished, showBacklog } from './metrics.ts';
import { type OutboxRow, type RelayStore, relayStore } from './relay-store.ts';

/** Carries events from the outbox to the queues. Several may work on one outbox at once. */
export type Relay = {
  /** There is something new: called after each commit. Costs nothing while the relay is at work. */
  wake(): void;
  stop(): Promise<void>;
};

/** Milliseconds, days where the name says so. */
const TIMING = {
  /** Finds what no wake announced: rows of a process that died after its commit. */
  poll: 250,
  lease: 10_000,
  sweep: 5_000,
  confirmAfter: 5_000,
  tidy: 600_000,
  /** While the queues are away. */
  backoffLongest: 2_000,
  keepConfirmedDays: 7,
  /** Longer than any message may wait in a queue, or come back with a queue that was restored. */
  keepInboxDays: 90,
  /** Callers are promised 24 hours. */
  keepKeysDays: 2,
};

export type RelayOptions<DB extends KitTables> = {
  database: Pick<Database<DB>, 'pool'>;
  messaging: Pick<Messaging, 'publish' | 'fatesOf'>;
  clock: Clock;
  logger: Logger;
  service: string;
  timing?: Partial<typeof TIMING>;
};

const BATCH = 500;
const DAY_MS = 86_400_000;

type Deps = {
  service: string;
  store: RelayStore;
  messaging: RelayOptions<KitTables>['messaging'];
  timing: typeof TIMING;
};

export const startRelay = <DB extends KitTables>(options: RelayOptions<DB>): Relay => {
  const { database, messaging, clock, logger, service } = options;
  const timing = { ...TIMING, ...options.timing };
  const deps: Deps = { service, store: relayStore(database.pool), messaging, timing };
  const { backoffLongest } = timing;
  const loop = (everyMs: number, what: string, work: () => Promise<boolean>) =>
    new Loop({ everyMs, backoffLongestMs: Math.max(backoffLongest, everyMs), work, logger, what });
  const publish = loop(timing.poll, 'publishing events', () => publishBatch(deps));
  const sweep = loop(timing.sweep, 'confirming events', async () => {
    const { more, lost } = await confirmBatch(deps);
    if (lost > 0) {
      eventsLost.inc({ service }, lost);
      logger.warn({ events: lost }, 'the queue had lost events: they are published again');
      publish.wake();
    }
    return more;
  });
  const tidy = loop(timing.tidy, 'deleting old rows', async () => {
    const before = (days: number) => new Date(clock.now().getTime() - days * DAY_MS);
    const deleted = await deps.store.deleteOld(
      {
        confirmed: before(timing.keepConfirmedDays),
        inbox: before(timing.keepInboxDays),
        keys: before(timing.keepKeysDays),
      },
      BATCH * 4,
    );
    return deleted === BATCH * 4;
  });
  const hideBacklog = showBacklog(service, database.pool);
  publish.wake();
  return {
    wake: () => publish.wake(),
    stop: async () => {
      hideBacklog();
      await Promise.all([publish.stop(), sweep.stop(), tidy.stop()]);
    },
  };
};

/**
 * No transaction is open while the queue is talked to: rows are taken for a while instead. If the process dies between
 * publishing and marking, they are published once more, and the inbox of the consumer tells.
 * @returns whether there may be more
 */
const publishBatch = async ({ service, store, messaging, timing }: Deps): Promise<boolean> => {
  const rows = await store.claim(BATCH, timing.lease / 1_000);
  if (rows.length === 0) return false;
  const results = await Promise.allSettled(
    [...byQueue(rows)].map(async ([queue, part]) => {
      const ids = part.map((row) => row.id);
      try {
        await messaging.publish(
          queue,
          part.map((row) => ({ id: row.event_id, type: row.envelope.type, data: row.envelope })),
        );
      } catch (error) {
        await store.release(ids);
        throw error;
      }
      await store.published(ids);
      eventsPublished.inc({ service }, ids.length);
    }),
  );
  const failure = results.find((result) => result.status === 'rejected');
  if (failure !== undefined) throw failure.reason;
  return rows.length === BATCH;
};

/** A queue may lose what it was given: a row counts as done only when its job is seen to be finished [guarantees.md 11]. */
const confirmBatch = async ({ store, messaging, timing }: Deps): Promise<{ more: boolean; lost: number }> => {
  const rows = await store.unconfirmed(BATCH, timing.confirmAfter / 1_000);
  const done: number[] = [];
  const missing: number[] = [];
  const other: number[] = [];
  for (const [queue, part] of byQueue(rows)) {
    const fates = await messaging.fatesOf(
      queue,
      part.map((row) => row.event_id),
    );
    for (const row of part) {
      const fate = fates.get(row.event_id) ?? 'missing';
      (fate === 'done' ? done : fate === 'missing' ? missing : other).push(row.id);
    }
  }
  if (done.length > 0) await store.confirmed(done);
  if (missing.length > 0) await store.lost(missing);
  if (other.length > 0) await store.lookAgainLater(other, timing.confirmAfter / 1_000);
  return { more: rows.length === BATCH, lost: missing.length };
};

const byQueue = (rows: OutboxRow[]): Map<QueueName, OutboxRow[]> => {
  const parts = new Map<QueueName, OutboxRow[]>();
  for (const row of rows) {
    const part = parts.get(row.queue);
    if (part === undefined) parts.set(row.queue, [row]);
    else part.push(row);
  }
  return parts;
};

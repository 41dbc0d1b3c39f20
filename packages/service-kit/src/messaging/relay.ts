import type { QueueName } from '@smartserver/contracts';
import type { Clock } from '../clock.ts';
import type { Database } from '../data/database.ts';
import type { KitTables } from '../data/tables.ts';
import type { Logger } from '../logger.ts';
import type { JobStatus, Message } from './batch.ts';
import { Loop } from './loop.ts';
import type { Messaging } from './messaging.ts';
import { eventsLost, eventsPublished, showBacklog } from './metrics.ts';
import { type RelayStore, relayStore, type SentRow, type TakenRow } from './relay-store.ts';

/** Publishes the events of the outbox to the queues. Several may work on one outbox at once. */
export type Relay = {
  /** There is something new: called after each commit. Costs nothing while the relay is at work. */
  wake(): void;
  stop(): Promise<void>;
};

/** Milliseconds, days where the name says so. */
const TIMING = {
  /** Finds rows for which it was not woken: their process died after its commit. */
  poll: 250,
  /** From one pass to the next, twice as long each time while it is busy: events of that time are published in one batch. */
  gather: 25,
  gatherLongest: 100,
  sweep: 5_000,
  confirmAfter: 5_000,
  prune: 600_000,
  /** While the queues are down. */
  backoffLongest: 2_000,
  keepConfirmedDays: 7,
  /** Longer than any message may wait in a queue, or come back with a queue that was restored. */
  keepInboxDays: 90,
  /** Callers are promised 24 hours. */
  keepKeysDays: 2,
};

export type RelayOptions<DB extends KitTables> = {
  database: Pick<Database<DB>, 'pool'>;
  messaging: Pick<Messaging, 'publish' | 'statusesOf'>;
  clock: Clock;
  logger: Logger;
  service: string;
  timing?: Partial<typeof TIMING>;
};

/** Rows of one pass. */
const PUBLISH_ROWS = 500;
/** Only ids are read. */
const CONFIRM_ROWS = 2_000;
const DELETE_ROWS = 2_000;
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
  const loop = (everyMs: number, name: string, work: () => Promise<boolean>, gatherMs = { first: 0, longest: 0 }) =>
    new Loop({ everyMs, gatherMs, backoffLongestMs: Math.max(backoffLongest, everyMs), work, logger, name });
  const publish = loop(timing.poll, 'publish events', () => publishRows(deps), {
    first: timing.gather,
    longest: timing.gatherLongest,
  });
  const sweep = loop(timing.sweep, 'confirm events', async () => {
    const { more, lost } = await confirmRows(deps);
    if (lost > 0) {
      eventsLost.inc({ service }, lost);
      logger.warn({ events: lost }, 'events are missing in their queue and will be published again');
      publish.wake();
    }
    return more;
  });
  const prune = loop(timing.prune, 'delete old rows', async () => {
    const before = (days: number) => new Date(clock.now().getTime() - days * DAY_MS);
    const deleted = await deps.store.deleteOld(
      {
        confirmed: before(timing.keepConfirmedDays),
        inbox: before(timing.keepInboxDays),
        keys: before(timing.keepKeysDays),
      },
      DELETE_ROWS,
    );
    return deleted === DELETE_ROWS;
  });
  const hideBacklog = showBacklog(service, database.pool);
  publish.wake();
  return {
    wake: () => publish.wake(),
    stop: async () => {
      hideBacklog();
      await Promise.all([publish.stop(), sweep.stop(), prune.stop()]);
    },
  };
};

/**
 * No transaction is open while the queue is called: rows are marked as published before. If the process dies between marking and
 * publishing, their batches are found missing in the queue, as if it had lost them.
 * @returns whether there may be more
 */
const publishRows = async ({ service, store, messaging }: Deps): Promise<boolean> => {
  const rows = await store.take(PUBLISH_ROWS);
  const batches = batchesOf(rows);
  const results = await Promise.allSettled(
    batches.map(async ({ queue, jobId, rows: part }) => {
      await messaging.publish(queue, part.map(toMessage), jobId);
      eventsPublished.inc({ service }, part.length);
    }),
  );
  const failed = batches.filter((_, i) => results[i]?.status === 'rejected');
  if (failed.length > 0) {
    await store.release(
      failed.flatMap(({ rows: part }) => part.map(({ id }) => id)),
      failed.map(({ jobId }) => jobId),
    );
  }
  const failure = results.find((result) => result.status === 'rejected');
  if (failure !== undefined) throw failure.reason;
  return rows.length === PUBLISH_ROWS;
};

type Batch = { queue: QueueName; jobId: string; rows: TakenRow[] };

/** By queue first: an event that is the only one in its batch has one id in all its queues. */
const batchesOf = (rows: readonly TakenRow[]): Batch[] =>
  [...groupBy(rows, ({ queue }) => queue)].flatMap(([queue, ofQueue]) =>
    [...groupBy(ofQueue, ({ job_id }) => job_id)].map(([jobId, part]) => ({ queue, jobId, rows: part })),
  );

const toMessage = ({ event_id, envelope }: TakenRow): Message => {
  const data = JSON.parse(envelope) as { type: string };
  return { id: event_id, type: data.type, data };
};

/** A queue may lose jobs: a row counts as done only when its batch is seen to be finished [guarantees.md 11]. */
const confirmRows = async ({ store, messaging, timing }: Deps): Promise<{ more: boolean; lost: number }> => {
  const rows = await store.unconfirmed(CONFIRM_ROWS, timing.confirmAfter / 1_000);
  const found: { [S in RowStatus]: number[] } = { done: [], missing: [], isolated: [], active: [] };
  for (const [queue, part] of groupBy(rows, (row) => row.queue)) {
    const statuses = await messaging.statusesOf(queue, [...new Set(part.map((row) => row.job_id))]);
    for (const row of part) found[rowStatusOf(row, statuses.get(row.job_id))].push(row.id);
  }
  const { done, missing, isolated, active } = found;
  const later = timing.confirmAfter / 1_000;
  if (done.length > 0) await store.confirmed(done);
  if (missing.length > 0) await store.lost(missing);
  if (isolated.length > 0) await store.markIsolated(isolated, later);
  if (active.length > 0) await store.lookAgainLater(active, later);
  return { more: rows.length === CONFIRM_ROWS, lost: missing.length };
};

type RowStatus = 'done' | 'missing' | 'isolated' | 'active';

const rowStatusOf = ({ event_id, job_id }: SentRow, status: JobStatus | undefined): RowStatus => {
  const alone = job_id === event_id;
  switch (status?.kind ?? 'missing') {
    case 'done':
      return !alone && status?.kind === 'done' && status.isolated.includes(event_id) ? 'isolated' : 'done';
    case 'dead':
      // Alone, it waits for a retry command. With others, no event was judged: the queue itself has given up the batch.
      return alone ? 'active' : 'missing';
    case 'missing':
      return 'missing';
    case 'active':
      return 'active';
  }
};

const groupBy = <K, R>(rows: readonly R[], keyOf: (row: R) => K): Map<K, R[]> => {
  const parts = new Map<K, R[]>();
  for (const row of rows) {
    const part = parts.get(keyOf(row));
    if (part === undefined) parts.set(keyOf(row), [row]);
    else part.push(row);
  }
  return parts;
};

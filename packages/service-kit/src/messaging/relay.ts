import type { QueueName } from '@smartserver/contracts';
import type { Clock } from '../clock.ts';
import type { Database } from '../data/database.ts';
import type { KitTables } from '../data/tables.ts';
import type { Logger } from '../logger.ts';
import { Loop } from './loop.ts';
import type { Fate, Message } from './message.ts';
import type { Messaging } from './messaging.ts';
import { eventsLost, eventsPublished, showBacklog } from './metrics.ts';
import { type RelayStore, relayStore, type SentRow, type TakenRow } from './relay-store.ts';

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
  /** From one pass to the next, twice as long each time while there is no rest: what has gathered meanwhile travels together. */
  gather: 25,
  gatherLongest: 100,
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
/** Only ids are read. */
const CONFIRM_BATCH = 2_000;
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
  const loop = (everyMs: number, what: string, work: () => Promise<boolean>, gatherMs = { first: 0, longest: 0 }) =>
    new Loop({ everyMs, gatherMs, backoffLongestMs: Math.max(backoffLongest, everyMs), work, logger, what });
  const publish = loop(timing.poll, 'publishing events', () => publishBatch(deps), {
    first: timing.gather,
    longest: timing.gatherLongest,
  });
  const sweep = loop(timing.sweep, 'confirming events', async () => {
    const { more, lost } = await confirmBatch(deps);
    if (lost > 0) {
      eventsLost.inc({ service }, lost);
      logger.warn(
        { events: lost },
        'events were not in their queue any more, or never came there: they are published again',
      );
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
 * No transaction is open while the queue is talked to: rows are marked as published before. If the process dies between marking and
 * publishing, their parcels are found missing in the queue, as if it had lost them.
 * @returns whether there may be more
 */
const publishBatch = async ({ service, store, messaging }: Deps): Promise<boolean> => {
  const rows = await store.take(BATCH);
  const parcels = parcelsOf(rows);
  const results = await Promise.allSettled(
    parcels.map(async ({ queue, jobId, rows: part }) => {
      await messaging.publish(queue, part.map(toMessage), jobId);
      eventsPublished.inc({ service }, part.length);
    }),
  );
  const kept = parcels.filter((_, i) => results[i]?.status === 'rejected');
  if (kept.length > 0) {
    await store.release(
      kept.flatMap(({ rows: part }) => part.map(({ id }) => id)),
      kept.map(({ jobId }) => jobId),
    );
  }
  const failure = results.find((result) => result.status === 'rejected');
  if (failure !== undefined) throw failure.reason;
  return rows.length === BATCH;
};

type Parcel = { queue: QueueName; jobId: string; rows: TakenRow[] };

/** By queue first: an event that goes alone into two queues has one id in both. */
const parcelsOf = (rows: readonly TakenRow[]): Parcel[] =>
  [...groupBy(rows, ({ queue }) => queue)].flatMap(([queue, ofQueue]) =>
    [...groupBy(ofQueue, ({ job_id }) => job_id)].map(([jobId, part]) => ({ queue, jobId, rows: part })),
  );

const toMessage = ({ event_id, envelope }: TakenRow): Message => {
  const data = JSON.parse(envelope) as { type: string };
  return { id: event_id, type: data.type, data };
};

/** A queue may lose what it was given: a row counts as done only when its parcel is seen to be finished [guarantees.md 11]. */
const confirmBatch = async ({ store, messaging, timing }: Deps): Promise<{ more: boolean; lost: number }> => {
  const rows = await store.unconfirmed(CONFIRM_BATCH, timing.confirmAfter / 1_000);
  const found: { [F in RowFate]: number[] } = { done: [], missing: [], apart: [], underway: [] };
  for (const [queue, part] of groupBy(rows, (row) => row.queue)) {
    const fates = await messaging.fatesOf(queue, [...new Set(part.map((row) => row.job_id))]);
    for (const row of part) found[rowFateOf(row, fates.get(row.job_id))].push(row.id);
  }
  const { done, missing, apart, underway } = found;
  const later = timing.confirmAfter / 1_000;
  if (done.length > 0) await store.confirmed(done);
  if (missing.length > 0) await store.lost(missing);
  if (apart.length > 0) await store.wentApart(apart, later);
  if (underway.length > 0) await store.lookAgainLater(underway, later);
  return { more: rows.length === CONFIRM_BATCH, lost: missing.length };
};

type RowFate = 'done' | 'missing' | 'apart' | 'underway';

const rowFateOf = ({ event_id, job_id }: SentRow, fate: Fate | undefined): RowFate => {
  const alone = job_id === event_id;
  switch (fate?.kind ?? 'missing') {
    case 'done':
      return !alone && fate?.kind === 'done' && fate.apart.includes(event_id) ? 'apart' : 'done';
    case 'dead':
      // Alone, it waits for a retry command. Together, no event was judged: the queue itself has given the parcel up.
      return alone ? 'underway' : 'missing';
    case 'missing':
      return 'missing';
    case 'underway':
      return 'underway';
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

import type { EventEnvelope } from '@smartserver/contracts';
import {
  createEmptyDatabase,
  createTestDatabase,
  hasRedis,
  NO_REDIS,
  startRedis,
  type TestDatabase,
  type TestRedis,
  testLogger,
} from '@smartserver/testing';
import type { Queue } from 'bullmq';
import type { Transaction } from 'kysely';
import {
  type Consumers,
  forEachEvent,
  type Handlers,
  type KitTables,
  type Messaging,
  openMessaging,
  type Relay,
  recordEvent,
  startConsumers,
  startRelay,
  systemClock,
  systemIds,
} from '../../src/index.ts';
import { RETRY_POLICY, type RetryPolicy } from '../../src/messaging/retry-policy.ts';
import { shareTransport } from '../../src/messaging/shared-transport.ts';
import type { Transport } from '../../src/messaging/transport.ts';

export interface RigTables extends KitTables {
  effects: { event_id: string; name: string };
}

/** Back ends of BullMQ that this machine can run. */
export const BACKENDS: ('postgres' | 'redis')[] = hasRedis() ? ['postgres', 'redis'] : ['postgres'];

if (!hasRedis()) test.skip(`NOT RUN on Redis: ${NO_REDIS}`, () => undefined);

/** Fast enough for tests; the times of production are longer, and otherwise no different. */
export const FAST = { poll: 50, sweep: 100, confirmAfter: 300, backoffLongest: 200 };

/** As many tries as in production, in a fraction of the time. */
const QUICK_RETRY: RetryPolicy = {
  ...RETRY_POLICY,
  failure: { firstMs: 5, longestMs: 100 },
  retryLater: { firstMs: 5, longestMs: 200 },
  unavailable: { firstMs: 5, longestMs: 500 },
};

/**
 * A producer and a consumer on one database, with a real queue between them: `partner.changed.1` goes to the queue
 * license-accounts, which the service `license` consumes.
 */
export type Rig = {
  database: TestDatabase<RigTables>;
  messaging: Messaging;
  redis: TestRedis | null;
  queueUrl: string;
  logger: ReturnType<typeof testLogger>;
  /** Records events, as a change would; the relay is not woken. @returns their ids */
  record(names: string[]): Promise<string[]>;
  relay(timing?: Partial<typeof FAST>): Relay;
  consumers(handlers?: Handlers<RigTables>, messaging?: Messaging): Consumers;
  openMessaging(): Messaging;
  /** The queue itself, past the messaging. */
  openQueue(name: string): Promise<{ transport: Transport; queue: Queue }>;
  effects(): Promise<string[]>;
  /** Waits until `condition` holds. Real time, since real servers take it; fails after `timeoutMs`. */
  until(condition: () => Promise<boolean>, what: string, timeoutMs?: number): Promise<void>;
  stop(): Promise<void>;
};

export const insertEffect = async (
  trx: Transaction<RigTables>,
  event: EventEnvelope<'partner.changed.1'>,
): Promise<void> => {
  await trx.insertInto('effects').values({ event_id: event.id, name: event.data.name }).execute();
};

export const startRig = async (backend: 'postgres' | 'redis'): Promise<Rig> => {
  const database = await createTestDatabase<RigTables>({ directories: [], service: 'rig', poolSize: 15 });
  // No unique index: an effect that happens twice must show.
  await database.pool.query('create table effects (event_id uuid not null, name text not null)');
  const redis = backend === 'redis' ? await startRedis() : null;
  const queueDatabase = backend === 'postgres' ? await createEmptyDatabase() : null;
  const queueUrl = redis?.url ?? queueDatabase?.url ?? '';
  const logger = testLogger();
  const stops: (() => Promise<void>)[] = [];
  const open = () => {
    const messaging = openMessaging({ url: queueUrl, logger });
    stops.push(() => messaging.close());
    return messaging;
  };
  const messaging = open();
  const until: Rig['until'] = async (condition, what, timeoutMs = 15_000) => {
    const end = performance.now() + timeoutMs;
    while (!(await condition())) {
      if (performance.now() > end) throw new Error(`not within ${timeoutMs} ms: ${what}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };
  return {
    database,
    messaging,
    redis,
    queueUrl,
    logger,
    until,
    openMessaging: open,
    openQueue: async (name) => {
      const transport = shareTransport(queueUrl, logger, 1);
      await transport.ready();
      const queue = transport.openQueue(name);
      stops.push(async () => {
        await queue.close();
        await transport.close();
      });
      return { transport, queue };
    },
    record: async (names) =>
      database.kysely.transaction().execute(async (trx) => {
        const ids: string[] = [];
        const tracked = { random: systemIds.random, ordered: () => ids[ids.push(systemIds.ordered()) - 1] ?? '' };
        for (const name of names) {
          await recordEvent(
            trx,
            { clock: systemClock, ids: tracked },
            { actor: { kind: 'system', id: 'test' }, traceparent: null },
            { type: 'partner.changed.1', data: { partnerId: systemIds.random() as never, name, version: 1 } },
          );
        }
        // Of the consumers of this event only one is here.
        await trx.deleteFrom('outbox').where('queue', '<>', 'license-accounts').execute();
        return ids;
      }),
    relay: (timing) => {
      const relay = startRelay({
        database,
        messaging,
        clock: systemClock,
        logger,
        service: 'rig',
        timing: { ...FAST, ...timing },
      });
      stops.push(() => relay.stop());
      return relay;
    },
    consumers: (
      handlers = { 'partner.changed.1': forEachEvent(insertEffect), 'customer.changed.1': async () => {} },
      over = messaging,
    ) => {
      const consumers = startConsumers<RigTables>({
        service: 'license',
        database,
        messaging: over,
        logger,
        clock: systemClock,
        handlers,
        retry: QUICK_RETRY,
      });
      stops.push(() => consumers.stop());
      return consumers;
    },
    effects: async () => {
      const rows = await database.kysely.selectFrom('effects').select('name').orderBy('name').execute();
      return rows.map((row) => row.name);
    },
    stop: async () => {
      for (const stop of stops.reverse()) await stop();
      await redis?.stop();
      await queueDatabase?.drop();
      await database.close();
    },
  };
};

export const names = (n: number, prefix = 'event'): string[] =>
  Array.from({ length: n }, (_, i) => `${prefix} ${String(i).padStart(5, '0')}`);

export type { EventEnvelope };

import { createRequire } from 'node:module';
import { Queue, Worker } from 'bullmq';
import type { Redis, RedisOptions } from 'ioredis';
import type { Logger } from '../logger.ts';
import type { JobState, Transport } from './transport.ts';

const COMMON: RedisOptions = {
  // Tries for ever, at most 2 s apart: workers go on soon after a long outage [guarantees.md 12].
  retryStrategy: (times) => Math.min(50 * 2 ** Math.min(times, 6), 2_000),
  connectTimeout: 5_000,
};

/** Publishing fails at once while Redis is down: the outbox keeps the message. */
const PRODUCER: RedisOptions = {
  ...COMMON,
  enableOfflineQueue: false,
  maxRetriesPerRequest: 1,
  commandTimeout: 5_000,
};

/** Workers wait for Redis instead: BullMQ needs blocking calls without an end. */
const CONSUMER: RedisOptions = { ...COMMON, maxRetriesPerRequest: null };

/** Loaded on use: the installation on one machine has no Redis, and is spared 15 MB. */
const loadDriver = (): typeof import('ioredis') => createRequire(import.meta.url)('ioredis');

/** BullMQ on Redis (noeviction, append-only file) [architecture.md decision 3]. Connects on first use. */
export const redisTransport = (url: string, logger: Logger): Transport => {
  const driver = loadDriver();
  const connections: Redis[] = [];
  const connect = (options: RedisOptions): Redis => {
    const connection = new driver.Redis(url, options);
    connection.on('error', (error) => logger.warn({ err: error }, 'Redis connection error'));
    connections.push(connection);
    return connection;
  };
  let producer: Redis | undefined;
  let consumer: Redis | undefined;
  const stateOf = async (queue: Queue, id: string): Promise<JobState | null> => {
    const state = await queue.getJobState(id);
    if (state !== 'completed') return { state, result: null };
    // The job itself would come with all its messages.
    const result = await producer?.hget(queue.toKey(id), 'returnvalue');
    // Deleted since the first answer: a finished job always has a value, and without it is unknown which events are isolated.
    return typeof result === 'string' ? { state, result: JSON.parse(result) as unknown } : null;
  };
  return {
    kind: 'redis',
    ready: () => Promise.resolve(),
    openQueue: (name) => {
      producer ??= connect(PRODUCER);
      return new Queue(name, { connection: producer });
    },
    openWorker: (name, processor, options) => {
      consumer ??= connect(CONSUMER);
      return new Worker(name, processor, { ...options, connection: consumer });
    },
    keepCompleted: { age: 300, count: 20_000 },
    drainDelaySeconds: 5,
    statesOf: async (queue, ids) => {
      // Sent together: ioredis does not wait for one answer before it sends the next command.
      const states = await Promise.all(ids.map((id) => stateOf(queue, id)));
      return new Map(states.flatMap((state, i) => (state === null ? [] : [[ids[i] ?? '', state]])));
    },
    close: async () => {
      for (const connection of connections) connection.disconnect();
    },
  };
};

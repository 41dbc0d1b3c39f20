import { setTimeout as pause } from 'node:timers/promises';
import { createPostgresBackend, DEFAULT_SCHEMA, runMigrations, withBackend } from 'bullmq';
import pg from 'pg';
import type { Logger } from '../logger.ts';
import { poolWithSharedListener, SharedListener } from './shared-listener.ts';
import type { Transport } from './transport.ts';

/**
 * Queues may forget: the outbox knows what had its effect and puts back what did not [guarantees.md 11]. So a commit of theirs
 * need not wait for the disk.
 */
const SESSION_SETTINGS = `-c search_path=${DEFAULT_SCHEMA} -c synchronous_commit=off -c statement_timeout=30s -c timezone=UTC`;

/** BullMQ on PostgreSQL, for the installation on one machine [architecture.md decision 3]. Connects on first use. */
export const postgresTransport = (url: string, logger: Logger, poolSize: number): Transport => {
  const config = {
    connectionString: url,
    application_name: 'queues',
    options: SESSION_SETTINGS,
    connectionTimeoutMillis: 5_000,
    keepAlive: true,
  };
  const pool = new pg.Pool({ ...config, max: poolSize, idleTimeoutMillis: 30_000 });
  pool.on('error', (error) => logger.warn({ err: error }, 'an idle connection to the queues was lost'));
  pool.on('connect', (client) => {
    client.on('error', (error) => logger.debug({ err: error }, 'a connection to the queues was lost'));
  });
  const listener = new SharedListener(config);
  const connection = poolWithSharedListener(pool, listener);
  const bull = withBackend(createPostgresBackend);
  let closed = false;
  let ready: Promise<void> | null = null;

  const prepare = async (): Promise<void> => {
    while (!closed) {
      try {
        const client = await pool.connect();
        try {
          await runMigrations(client, DEFAULT_SCHEMA);
          return;
        } finally {
          client.release();
        }
      } catch (error) {
        logger.warn({ err: error }, 'the queues are not ready yet');
        await pause(1_000);
      }
    }
  };

  return {
    kind: 'postgres',
    ready: () => {
      ready ??= prepare();
      return ready;
    },
    openQueue: (name) => new bull.Queue(name, { connection, streams: { events: { maxLen: 1_000 } } }) as never,
    openWorker: (name, processor, options) => new bull.Worker(name, processor, { ...options, connection }) as never,
    // By age alone: trimming by count makes BullMQ read all finished jobs each time one more finishes.
    keepCompleted: { age: 120 },
    // A waiting worker is called by NOTIFY: this is only for a call that got lost.
    drainDelaySeconds: 30,
    statesOf: async (queue, ids) => {
      const { rows } = await pool.query<{ id: string; state: string; result: unknown }>({
        name: 'states_of',
        text: 'select id, state::text as state, return_value as result from job where queue = $1 and id = any($2::text[])',
        values: [queue.name, ids],
      });
      return new Map(rows.map(({ id, state, result }) => [id, { state, result }]));
    },
    close: async () => {
      closed = true;
      await listener.close();
      await pool.end();
    },
  };
};

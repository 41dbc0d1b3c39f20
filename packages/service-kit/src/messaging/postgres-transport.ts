import { EventEmitter } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import {
  createPostgresBackend,
  DEFAULT_SCHEMA,
  type PgNotification,
  type PgPool,
  type PgPoolClient,
  runMigrations,
  withBackend,
} from 'bullmq';
import pg from 'pg';
import type { Logger } from '../logger.ts';
import type { Transport } from './transport.ts';

/**
 * Queues may lose jobs: the outbox knows which events had their effect, and publishes the others again [guarantees.md 11]. So a commit of theirs
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
  pool.on('error', (error) => logger.warn({ err: error }, 'idle queue connection lost'));
  pool.on('connect', (client) => {
    client.on('error', (error) => logger.debug({ err: error }, 'queue connection lost'));
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
        logger.warn({ err: error }, 'queues are not ready');
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

/**
 * BullMQ takes one database connection per worker for LISTEN, and keeps it. An installation on one machine has a worker for
 * each of its queues, and each connection costs the server some megabytes: here all of them share one.
 */
class SharedListener {
  private connection: Promise<pg.Client> | null = null;
  private readonly handles = new Set<Handle>();
  private readonly config: pg.ClientConfig;
  /** pg wants one query at a time on a connection. */
  private turn: Promise<unknown> = Promise.resolve();

  constructor(config: pg.ClientConfig) {
    this.config = { ...config, keepAlive: true, keepAliveInitialDelayMillis: 10_000 };
  }

  /** What BullMQ sees as a connection of its own. */
  async borrow(): Promise<PgPoolClient> {
    this.connection ??= this.connect();
    const client = await this.connection;
    const handle = new Handle(
      (text, params) => this.inTurn(() => client.query(text, params)),
      () => this.handles.delete(handle),
    );
    this.handles.add(handle);
    return handle;
  }

  async close(): Promise<void> {
    const client = await this.connection?.catch(() => null);
    this.connection = null;
    await client?.end();
  }

  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.turn.then(work);
    this.turn = result.catch(() => undefined);
    return result;
  }

  private async connect(): Promise<pg.Client> {
    const client = new pg.Client(this.config);
    const lost = (error: Error): void => {
      this.connection = null;
      for (const handle of [...this.handles]) handle.emit('error', error);
    };
    client.on('error', lost);
    client.on('notification', (message) => {
      const notification: PgNotification = {
        channel: message.channel,
        ...(message.payload === undefined ? {} : { payload: message.payload }),
      };
      for (const handle of this.handles) handle.emit('notification', notification);
    });
    try {
      await client.connect();
    } catch (error) {
      this.connection = null;
      throw error;
    }
    return client;
  }
}

type Query = (text: string, params: unknown[] | undefined) => Promise<pg.QueryResult>;

class Handle extends EventEmitter implements PgPoolClient {
  private readonly run: Query;
  private readonly forget: () => void;

  constructor(run: Query, forget: () => void) {
    super();
    this.run = run;
    this.forget = forget;
    // A worker that was closed may have no listener left when the connection breaks.
    this.on('error', () => undefined);
  }

  // biome-ignore lint/suspicious/noExplicitAny: the shape that BullMQ's PgQueryable asks for
  query<R = any>(text: string, params?: readonly unknown[]): Promise<{ rows: R[]; rowCount: number | null }> {
    return this.run(text, params === undefined ? undefined : [...params]);
  }

  release(): void {
    this.forget();
    this.removeAllListeners();
    this.on('error', () => undefined);
  }
}

/**
 * A pool for BullMQ: LISTEN goes to the shared connection, queries go to a real pool, under names, so that each connection parses
 * them once: there are some dozens, and they run several times for each message.
 */
const poolWithSharedListener = (pool: pg.Pool, listener: SharedListener): PgPool => {
  const names = new Map<string, string>();
  const nameOf = (text: string): string => {
    const known = names.get(text);
    if (known !== undefined) return known;
    const name = `queue_${names.size}`;
    names.set(text, name);
    return name;
  };
  // Every queue and every worker listens, and there are as many as there are: no leak.
  const emitter = new EventEmitter().setMaxListeners(0);
  return Object.assign(emitter, {
    options: { keepAlive: true },
    query: (text: string, params?: readonly unknown[]) =>
      pool.query({ name: nameOf(text), text, values: params === undefined ? [] : [...params] }),
    connect: () => listener.borrow(),
    end: () => Promise.resolve(),
  }) as unknown as PgPool;
};

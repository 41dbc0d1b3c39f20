import { EventEmitter } from 'node:events';
import type { PgNotification, PgPool, PgPoolClient } from 'bullmq';
import pg from 'pg';

/**
 * BullMQ takes one database connection per worker for LISTEN, and keeps it. An installation on one machine has a worker for
 * each of its queues, and each connection costs the server some megabytes: here all of them share one.
 */
export class SharedListener {
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
export const poolWithSharedListener = (pool: pg.Pool, listener: SharedListener): PgPool => {
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

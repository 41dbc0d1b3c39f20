import { Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';
import type { Logger } from '../logger.ts';
import { poolOfNamedStatements } from './named-statements.ts';

export type Database<DB> = {
  kysely: Kysely<DB>;
  /** For hot statements: `pool.query({ name, text, values })` is parsed once per connection. */
  pool: pg.Pool;
  /** @throws in production, when the server may lose an acknowledged change [guarantees.md 3] */
  verifyDurability(): Promise<void>;
  close(): Promise<void>;
};

export type DatabaseOptions = {
  url: string;
  poolSize: number;
  service: string;
  logger: Logger;
  production?: boolean;
};

const INT8 = 20;

/** As numbers: counts and row numbers are far below 2^53, and strings that look like numbers lead to errors. */
const types: pg.CustomTypesConfig = {
  getTypeParser: (oid, format) => (oid === INT8 && format !== 'binary' ? Number : pg.types.getTypeParser(oid, format)),
};

/** Limits are set in the server: a time-out of the driver would leave the statement running and its locks held. */
const SESSION_SETTINGS = [
  '-c statement_timeout=10s',
  '-c lock_timeout=5s',
  '-c idle_in_transaction_session_timeout=15s',
  '-c timezone=UTC',
].join(' ');

/** Opens no connection yet: the first query does. */
export const openDatabase = <DB>(options: DatabaseOptions): Database<DB> => {
  const pool = new pg.Pool({
    connectionString: options.url,
    max: options.poolSize,
    application_name: options.service,
    options: SESSION_SETTINGS,
    types,
    keepAlive: true,
    // Waiting for a free connection: 503 within 5 seconds, whatever the statement then takes [guarantees.md 7].
    connectionTimeoutMillis: 3_000,
    idleTimeoutMillis: 30_000,
  });
  let closed: Promise<void> | null = null;
  // Without a listener, a connection that the server closes while idle would end the process.
  pool.on('error', (error) => {
    // While the pool is closing, the server may end a connection first.
    const level = closed === null ? 'warn' : 'debug';
    options.logger[level]({ err: error }, 'idle database connection lost');
  });
  // The same for one that is lost in a transaction, between two statements: the pool does not listen then, nor does Kysely.
  pool.on('connect', (client) => {
    client.on('error', (error) => options.logger.debug({ err: error }, 'database connection lost'));
  });
  const kysely = new Kysely<DB>({ dialect: new PostgresDialect({ pool: poolOfNamedStatements(pool) }) });
  return {
    kysely,
    pool,
    verifyDurability: () => (options.production === true ? requireDurability(pool) : Promise.resolve()),
    close: () => {
      closed ??= kysely.destroy().then(() => (pool.ended ? undefined : pool.end()));
      return closed;
    },
  };
};

const requireDurability = async (pool: pg.Pool): Promise<void> => {
  const { rows } = await pool.query<{ fsync: string; synchronous_commit: string; full_page_writes: string }>(
    `select current_setting('fsync') as fsync, current_setting('synchronous_commit') as synchronous_commit,
       current_setting('full_page_writes') as full_page_writes`,
  );
  const off = Object.entries(rows[0] ?? {}).filter(([, value]) => value === 'off');
  if (off.length > 0) {
    throw new Error(
      `PostgreSQL runs with ${off.map(([name]) => `${name}=off`).join(', ')}: acknowledged changes could be lost. ` +
        'Switch it on, or do not run with NODE_ENV=production.',
    );
  }
};

import { setTimeout as pauseFor } from 'node:timers/promises';
import pg from 'pg';
import { isError } from '../is-error.ts';
import { type MigrationFile, readMigrations } from './migration-files.ts';

/*
 * Own code, because neither library keeps what is promised here:
 * - Kysely 0.28 runs all pending migrations in one transaction or none of them in any; it knows no checksums; and it calls a database
 *   that is newer than the code corrupt, so that `migrate` of the release before would fail after a rollback.
 * - node-pg-migrate 9 knows no checksums, so that an edited file goes unnoticed; a plain SQL file cannot leave the transaction;
 *   a lock that cannot be had ends the run; and its records have another form than those of the databases that exist.
 */

export type MigrateOptions = {
  url: string;
  /** Directories of `*.sql` files, after the kit's own. */
  directories: string[];
  /** Milliseconds that a statement waits for a lock. While it waits, everything else that wants the table waits behind it. */
  lockTimeoutMs?: number;
  /** How often a file is tried whose lock cannot be had. */
  attempts?: number;
  /** Waits between two attempts; a test does something else. */
  pause?: (ms: number) => Promise<unknown>;
};

/** Any number that nothing else in the database locks: several processes that start at once migrate one after the other. */
const LOCK = 7_361_002_271;
const LOCK_POLL_MS = 100;
const RETRY_MS = 1_000;

/** Lock not available, deadlock. */
const RETRIED_STATES: unknown[] = ['55P03', '40P01'];

/**
 * Brings a database up to date: the kit's tables first, then the files of each directory in name order, each once. A file that was
 * applied is frozen: an edited one is refused.
 * @returns names of the files that were applied now
 */
export const migrate = async (options: MigrateOptions): Promise<string[]> => {
  const files = await readMigrations(options.directories);
  const client = new pg.Client({ connectionString: options.url, application_name: 'migrate' });
  await client.connect();
  try {
    await lock(client);
    return await applyMissing(client, files, options);
  } finally {
    await client.end();
  }
};

/**
 * Shows that every migration this code knows has been applied. Newer ones do no harm: old code runs on the new schema.
 * @throws an error that names the first one that is missing
 */
export const requireMigrations = async (pool: pg.Pool, directories: string[]): Promise<void> => {
  const files = await readMigrations(directories);
  const { rows: tables } = await pool.query<{ there: boolean }>(
    "select to_regclass('migrations') is not null as there",
  );
  const { rows } = tables[0]?.there ? await pool.query<{ name: string }>('select name from migrations') : { rows: [] };
  const applied = new Set(rows.map((row) => row.name));
  const missing = files.find((file) => !applied.has(file.name));
  if (missing) throw new Error(`the database lacks migration ${missing.name}: run the command migrate first`);
};

/** Asks again and again: a statement that waits for the lock would itself be waited for by `create index concurrently`. */
const lock = async (client: pg.Client): Promise<void> => {
  for (;;) {
    const { rows } = await client.query<{ locked: boolean }>('select pg_try_advisory_lock($1) as locked', [LOCK]);
    if (rows[0]?.locked) return;
    await pauseFor(LOCK_POLL_MS);
  }
};

const applyMissing = async (client: pg.Client, files: MigrationFile[], options: MigrateOptions): Promise<string[]> => {
  await client.query(
    `create table if not exists migrations (
       name text primary key, checksum text not null, applied_at timestamptz not null default now())`,
  );
  const { rows } = await client.query<{ name: string; checksum: string }>('select name, checksum from migrations');
  const applied = new Map(rows.map((row) => [row.name, row.checksum]));
  const now: string[] = [];
  for (const file of files) {
    const checksum = applied.get(file.name);
    if (checksum === file.checksum) continue;
    if (checksum !== undefined) {
      throw new Error(`migration ${file.name} was changed after it had been applied: add a new file instead`);
    }
    try {
      await apply[file.mode](client, file, options);
    } catch (cause) {
      throw new Error(`migration ${file.name} failed: ${isError(cause) ? cause.message : cause}`, { cause });
    }
    now.push(file.name);
  }
  return now;
};

type Apply = (client: pg.Client, file: MigrationFile, options: MigrateOptions) => Promise<void>;

const apply: Record<MigrationFile['mode'], Apply> = {
  transaction: (client, file, options) =>
    inTransaction(client, options, async () => {
      for (const statement of file.statements) await client.query(statement);
      await record(client, file);
    }),

  'no transaction': async (client, file) => {
    for (const statement of file.statements) await client.query(statement);
    await record(client, file);
  },

  batches: async (client, file, options) => {
    const [statement = ''] = file.statements;
    const runBatch = async (): Promise<number> => (await client.query(statement)).rowCount ?? 0;
    while ((await inTransaction(client, options, runBatch)) > 0);
    await record(client, file);
  },
};

const record = (client: pg.Client, { name, checksum }: MigrationFile) =>
  client.query('insert into migrations (name, checksum) values ($1, $2)', [name, checksum]);

/** Gives up a lock that it cannot get soon, lets others through, and tries again. */
const inTransaction = async <T>(client: pg.Client, options: MigrateOptions, work: () => Promise<T>): Promise<T> => {
  const { lockTimeoutMs = 2_000, attempts = 60, pause = pauseFor } = options;
  for (let attempt = 1; ; attempt += 1) {
    await client.query('begin');
    try {
      await client.query(`set local lock_timeout = ${Math.trunc(lockTimeoutMs)}`);
      const result = await work();
      await client.query('commit');
      return result;
    } catch (error) {
      await client.query('rollback');
      if (attempt >= attempts || !isError(error) || !RETRIED_STATES.includes(error.code)) throw error;
    }
    await pause(RETRY_MS);
  }
};

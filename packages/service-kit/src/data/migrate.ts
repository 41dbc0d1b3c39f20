import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { isError } from '../is-error.ts';

/** Migrations of the kit's own tables: outbox, inbox, idempotency keys, dead letters. */
export const kitMigrations = join(import.meta.dirname, '../../migrations');

type MigrationFile = { name: string; sql: string; checksum: string };

/** Any number that nothing else in the database locks: several processes that start at once migrate one after the other. */
const LOCK = 7_361_002_271;

/**
 * Brings a database up to date: the kit's tables first, then the `*.sql` files of each directory in name order, each file in
 * one transaction, once. A file that was applied is frozen: an edited one is refused.
 * @returns names of the files that were applied now
 */
export const migrate = async (options: { url: string; directories: string[] }): Promise<string[]> => {
  const files = await readMigrations([kitMigrations, ...options.directories]);
  const client = new pg.Client({ connectionString: options.url, application_name: 'migrate' });
  await client.connect();
  try {
    await client.query('select pg_advisory_lock($1)', [LOCK]);
    return await applyMissing(client, files);
  } finally {
    await client.end();
  }
};

/**
 * Shows that every migration this code knows has been applied. Newer ones do no harm: old code runs on the new schema.
 * @throws an error that names the first one that is missing
 */
export const requireMigrations = async (pool: pg.Pool, directories: string[]): Promise<void> => {
  const files = await readMigrations([kitMigrations, ...directories]);
  const { rows: tables } = await pool.query<{ there: boolean }>(
    "select to_regclass('migrations') is not null as there",
  );
  const { rows } = tables[0]?.there ? await pool.query<{ name: string }>('select name from migrations') : { rows: [] };
  const applied = new Set(rows.map((row) => row.name));
  const missing = files.find((file) => !applied.has(file.name));
  if (missing) throw new Error(`the database lacks migration ${missing.name}: run the command migrate first`);
};

const readMigrations = async (directories: string[]): Promise<MigrationFile[]> => {
  const files: MigrationFile[] = [];
  for (const directory of directories) {
    const names = (await readdir(directory)).filter((name) => name.endsWith('.sql')).sort();
    // An image without its files would otherwise come up on an empty database and fail much later.
    if (names.length === 0) throw new Error(`there are no migrations in ${directory}`);
    for (const name of names) {
      if (files.some((file) => file.name === name)) throw new Error(`there are two migrations named ${name}`);
      const sql = await readFile(join(directory, name), 'utf8');
      files.push({ name, sql, checksum: createHash('sha256').update(sql).digest('hex') });
    }
  }
  return files;
};

const applyMissing = async (client: pg.Client, files: MigrationFile[]): Promise<string[]> => {
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
    await applyOne(client, file);
    now.push(file.name);
  }
  return now;
};

const applyOne = async (client: pg.Client, file: MigrationFile): Promise<void> => {
  await client.query('begin');
  try {
    await client.query(file.sql);
    await client.query('insert into migrations (name, checksum) values ($1, $2)', [file.name, file.checksum]);
    await client.query('commit');
  } catch (cause) {
    await client.query('rollback');
    throw new Error(`migration ${file.name} failed: ${isError(cause) ? cause.message : cause}`, { cause });
  }
};

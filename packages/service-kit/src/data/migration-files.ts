import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Migrations of the kit's own tables: outbox, inbox, idempotency keys, dead letters. */
export const kitMigrations = join(import.meta.dirname, '../../migrations');

/**
 * How a file is run:
 * - `transaction`: all of it in one transaction, together with the note that it was applied
 * - `no transaction`: its statements one by one, for what PostgreSQL refuses in a transaction (`create index concurrently`)
 * - `batches`: its one statement again and again, each time in a transaction of its own, until it changes no row
 */
type MigrationMode = 'transaction' | 'no transaction' | 'batches';

export type MigrationFile = { name: string; mode: MigrationMode; statements: string[]; checksum: string };

/**
 * The kit's files, then those of each directory, in name order.
 * @throws Error for a directory without files, a name that occurs twice, or a header that is not understood
 */
export const readMigrations = async (directories: readonly string[]): Promise<MigrationFile[]> => {
  const files: MigrationFile[] = [];
  for (const directory of [kitMigrations, ...directories]) {
    const names = (await readdir(directory)).filter((name) => name.endsWith('.sql')).sort();
    // An image without its files would otherwise come up on an empty database and fail much later.
    if (names.length === 0) throw new Error(`there are no migrations in ${directory}`);
    for (const name of names) {
      if (files.some((file) => file.name === name)) throw new Error(`there are two migrations named ${name}`);
      files.push(parse(name, await readFile(join(directory, name), 'utf8')));
    }
  }
  return files;
};

const parse = (name: string, sql: string): MigrationFile => {
  const mode = modeOf(name, sql);
  const statements = mode === 'transaction' ? [sql] : split(sql);
  if (mode === 'batches' && statements.length !== 1) {
    throw new Error(`migration ${name} runs in batches: it must hold exactly one statement`);
  }
  return { name, mode, statements, checksum: createHash('sha256').update(sql).digest('hex') };
};

const modeOf = (name: string, sql: string): MigrationMode => {
  const [header, ...others] = [...sql.matchAll(/^-- migrate:(.*)$/gm)].map(([, text = '']) => text.trim());
  if (header === undefined) return 'transaction';
  if (others.length > 0 || (header !== 'no transaction' && header !== 'batches')) {
    throw new Error(`migration ${name} must say "-- migrate: no transaction" or "-- migrate: batches", once`);
  }
  return header;
};

/** Each statement ends with a semicolon at the end of a line. */
const split = (sql: string): string[] =>
  sql
    .replace(/^--.*$/gm, '')
    .split(/;[ \t]*$/m)
    .map((statement) => statement.trim())
    .filter((statement) => statement !== '');

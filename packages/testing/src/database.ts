import { createHash, randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Database, kitMigrations, migrate, openDatabase } from '@smartserver/service-kit';
import pg from 'pg';
import { testLogger } from './logger.ts';

export type TestDatabase<DB> = Database<DB> & { url: string };

/** Superuser's address of the PostgreSQL that Jest's global set-up started. */
export const testPostgresUrl = (database = 'postgres'): string => {
  const { TEST_POSTGRES_URL } = process.env;
  if (TEST_POSTGRES_URL === undefined) {
    throw new Error('there is no test PostgreSQL: run the tests by Jest from the root of the repository');
  }
  const url = new URL(TEST_POSTGRES_URL);
  url.pathname = `/${database}`;
  return url.toString();
};

/**
 * A fresh, migrated database of real PostgreSQL. Each set of migrations is run once per test run; its databases are copies.
 * `close()` drops it.
 */
export const createTestDatabase = async <DB>(options: {
  /** Folders of migrations, next to the kit's own. */
  directories: string[];
  service: string;
  poolSize?: number;
}): Promise<TestDatabase<DB>> => {
  const name = `test_${options.service}_${randomBytes(6).toString('hex')}`;
  await asAdmin(async (admin) => {
    const template = await ensureTemplate(admin, options.directories);
    await admin.query(`create database ${name} template ${template}`);
  });
  const url = testPostgresUrl(name);
  const database = openDatabase<DB>({
    url,
    poolSize: options.poolSize ?? 10,
    service: options.service,
    logger: testLogger(),
  });
  const { close } = database;
  return Object.assign(database, {
    url,
    close: async () => {
      await close();
      await asAdmin((admin) => admin.query(`drop database if exists ${name} with (force)`));
    },
  });
};

/** An empty database, as for the queues on PostgreSQL. */
export const createEmptyDatabase = async (): Promise<{ url: string; drop(): Promise<void> }> => {
  const name = `test_empty_${randomBytes(6).toString('hex')}`;
  await asAdmin((admin) => admin.query(`create database ${name}`));
  return {
    url: testPostgresUrl(name),
    drop: async () => {
      await asAdmin((admin) => admin.query(`drop database if exists ${name} with (force)`));
    },
  };
};

const ensureTemplate = async (admin: pg.Client, directories: string[]): Promise<string> => {
  const template = `template_${hashOf([kitMigrations, ...directories])}`;
  // Test files run in several processes: one makes the template, the others wait for it.
  await admin.query('select pg_advisory_lock(hashtext($1))', [template]);
  try {
    const { rowCount } = await admin.query('select from pg_database where datname = $1', [template]);
    if (rowCount === 0) {
      const unfinished = `${template}_unfinished`;
      await admin.query(`drop database if exists ${unfinished} with (force)`);
      await admin.query(`create database ${unfinished}`);
      await migrate({ url: testPostgresUrl(unfinished), directories });
      await admin.query(`alter database ${unfinished} rename to ${template}`);
    }
  } finally {
    await admin.query('select pg_advisory_unlock(hashtext($1))', [template]);
  }
  return template;
};

const hashOf = (directories: string[]): string => {
  const hash = createHash('sha256');
  for (const directory of directories) {
    for (const file of readdirSync(directory).sort()) hash.update(file).update(readFileSync(join(directory, file)));
  }
  return hash.digest('hex').slice(0, 16);
};

const asAdmin = async <T>(work: (admin: pg.Client) => Promise<T>): Promise<T> => {
  const admin = new pg.Client({ connectionString: testPostgresUrl() });
  await admin.connect();
  try {
    return await work(admin);
  } finally {
    await admin.end();
  }
};

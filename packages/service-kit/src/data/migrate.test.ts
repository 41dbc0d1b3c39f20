import { createHash } from 'node:crypto';
import { mkdtemp, readdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createEmptyDatabase } from '@smartserver/testing';
import pg from 'pg';
import { type MigrateOptions, migrate, requireMigrations } from './migrate.ts';
import { kitMigrations } from './migration-files.ts';

const TABLE = 'create table a (n int primary key, text text); insert into a values (1), (2), (3)';

let url: string;
let drop: () => Promise<void>;
let pool: pg.Pool;

beforeEach(async () => {
  ({ url, drop } = await createEmptyDatabase());
  pool = new pg.Pool({ connectionString: url });
});
afterEach(async () => {
  await pool.end();
  await drop();
});

const folderWith = async (files: Record<string, string>): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'migrations-'));
  for (const [name, sql] of Object.entries(files)) await writeFile(join(folder, name), sql);
  return folder;
};

const run = (directory: string, options: Partial<MigrateOptions> = {}) =>
  migrate({ url, directories: [directory], ...options });

const rows = async (sql: string): Promise<unknown[]> => (await pool.query(sql)).rows;

test('files run once each, the kit’s first and then by name, also when several processes start at once', async () => {
  const directory = await folderWith({ '0002_b.sql': 'insert into a values (4)', '0001_a.sql': TABLE });
  const runs = await Promise.all(Array.from({ length: 5 }, () => run(directory)));
  expect(runs.filter((names) => names.length > 0)).toEqual([
    [...(await readdir(kitMigrations)).sort(), '0001_a.sql', '0002_b.sql'],
  ]);
  await expect(requireMigrations(pool, [directory])).resolves.toBeUndefined();
  await writeFile(join(directory, '0003_c.sql'), 'select 1');
  await expect(requireMigrations(pool, [directory])).rejects.toThrow('lacks migration 0003_c.sql');
});

test('a file that was changed after it had been applied is refused', async () => {
  const directory = await folderWith({ '0001_a.sql': 'create table a (n int)' });
  await run(directory);
  await writeFile(join(directory, '0001_a.sql'), 'create table a (n bigint)');
  await expect(run(directory)).rejects.toThrow('0001_a.sql was changed');
});

test('of a file that fails half-way nothing is left, and the error names it', async () => {
  const directory = await folderWith({ '0001_a.sql': 'create table a (n int); select wrong' });
  await expect(run(directory)).rejects.toThrow('migration 0001_a.sql failed: column "wrong" does not exist');
  await writeFile(join(directory, '0001_a.sql'), 'create table a (n int)');
  await expect(run(directory)).resolves.toEqual(['0001_a.sql']);
});

test('a database that earlier releases migrated goes on from there', async () => {
  const directory = await folderWith({ '0001_a.sql': TABLE, '0002_b.sql': 'insert into a values (4)' });
  await pool.query(TABLE);
  await pool.query(
    'create table migrations (name text primary key, checksum text not null, applied_at timestamptz not null default now())',
  );
  const checksum = createHash('sha256').update(TABLE).digest('hex');
  await pool.query('insert into migrations (name, checksum) values ($1, $2)', ['0001_a.sql', checksum]);
  expect(await run(directory)).not.toContain('0001_a.sql');
  expect(await rows('select count(*)::int from a')).toEqual([{ count: 4 }]);
});

describe('a lock that another transaction holds', () => {
  const given = async () => {
    const directory = await folderWith({ '0001_a.sql': TABLE });
    await run(directory);
    await writeFile(join(directory, '0002_b.sql'), 'alter table a add column more int; insert into a values (4)');
    const holder = await pool.connect();
    await holder.query('begin; select from a');
    return { directory, holder };
  };

  test('is given up soon, so that others get through, and tried again', async () => {
    const { directory, holder } = await given();
    const seen: unknown[] = [];
    const applied = await run(directory, {
      lockTimeoutMs: 50,
      pause: async () => {
        seen.push(...(await rows('select count(*)::int from a')));
        if (seen.length === 2) await holder.query('commit');
      },
    });
    holder.release();
    expect(applied).toEqual(['0002_b.sql']);
    expect(seen).toEqual([{ count: 3 }, { count: 3 }]);
  });

  test('is not waited for without end', async () => {
    const { directory, holder } = await given();
    const failing = run(directory, { lockTimeoutMs: 20, attempts: 3, pause: async () => undefined });
    await expect(failing).rejects.toThrow('migration 0002_b.sql failed: canceling statement due to lock timeout');
    await holder.query('commit');
    holder.release();
    await expect(run(directory)).resolves.toEqual(['0002_b.sql']);
  });
});

describe('a file that says "no transaction"', () => {
  const INDEX = `-- Why it is here.
-- migrate: no transaction
drop index concurrently if exists a_by_text;
create index concurrently a_by_text
  on a (text);
`;

  test('may build an index concurrently, also when several processes start at once', async () => {
    const directory = await folderWith({ '0001_a.sql': TABLE, '0002_b.sql': INDEX });
    const runs = await Promise.all(Array.from({ length: 4 }, () => run(directory)));
    expect(runs.flat().filter((name) => name === '0002_b.sql')).toHaveLength(1);
    expect(await rows("select indisvalid from pg_index where indexrelid = 'a_by_text'::regclass")).toEqual([
      { indisvalid: true },
    ]);
  });

  test('is run from its beginning again after it has failed', async () => {
    const table = `${TABLE}; update a set text = 'same'`;
    const directory = await folderWith({ '0001_a.sql': table, '0002_b.sql': INDEX.replace('create', 'create unique') });
    await expect(run(directory)).rejects.toThrow(/could not create unique index/);
    expect(await rows("select indisvalid from pg_index where indexrelid = 'a_by_text'::regclass")).toEqual([
      { indisvalid: false },
    ]);
    await pool.query('update a set text = n::text');
    await expect(run(directory)).resolves.toEqual(['0002_b.sql']);
    expect(await rows("select indisvalid from pg_index where indexrelid = 'a_by_text'::regclass")).toEqual([
      { indisvalid: true },
    ]);
  });
});

describe('a file that says "batches"', () => {
  const BACKFILL = `-- migrate: batches
update a set text = (6 / (3 - n))::text where n in (select n from a where text is null order by n limit 1);
`;

  test('is repeated until it changes no row, each time in a transaction of its own, and goes on where it failed', async () => {
    const directory = await folderWith({ '0001_a.sql': TABLE, '0002_b.sql': BACKFILL });
    await expect(run(directory)).rejects.toThrow('migration 0002_b.sql failed: division by zero');
    expect(await rows('select n, text from a order by n')).toEqual([
      { n: 1, text: '3' },
      { n: 2, text: '6' },
      { n: 3, text: null },
    ]);
    await pool.query('update a set n = 4 where n = 3');
    await expect(run(directory)).resolves.toEqual(['0002_b.sql']);
    expect(await rows('select text from a where n = 4')).toEqual([{ text: '-6' }]);
  });

  test('holds one statement', async () => {
    const directory = await folderWith({ '0001_a.sql': `${BACKFILL}select 1;\n` });
    await expect(run(directory)).rejects.toThrow('0001_a.sql runs in batches: it must hold exactly one statement');
  });
});

test('a header that is not understood is refused', async () => {
  for (const header of ['-- migrate: no transactions', '-- migrate: batches\n-- migrate: no transaction']) {
    const directory = await folderWith({ '0001_a.sql': `${header}\nselect 1;` });
    await expect(run(directory)).rejects.toThrow('migration 0001_a.sql must say');
  }
});

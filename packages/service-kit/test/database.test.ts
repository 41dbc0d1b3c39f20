import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  createEmptyDatabase,
  createTestDatabase,
  outboxEvents,
  type TestDatabase,
  testClock,
  testIds,
  testLogger,
} from '@smartserver/testing';
import { type KitTables, migrate, openDatabase, recordEvent } from '../src/index.ts';

interface Tables extends KitTables {
  things: { id: string; text: string; at: Date; big: number };
}

let database: TestDatabase<Tables>;
beforeAll(async () => {
  database = await createTestDatabase<Tables>({ directories: [], service: 'database' });
  await database.pool.query(
    'create table things (id text primary key, text text, at timestamptz not null default now(), big bigint not null default 9007199254740991)',
  );
});
afterAll(() => database.close());

const folderWith = async (files: Record<string, string>): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'migrations-'));
  for (const [name, sql] of Object.entries(files)) await writeFile(join(folder, name), sql);
  return folder;
};

describe('migrations', () => {
  test('run once each, the kit’s first and then by name, also when several processes start at once', async () => {
    const empty = await createEmptyDatabase();
    const directory = await folderWith({
      '0002_b.sql': 'insert into a values (2)',
      '0001_a.sql': 'create table a (n int); insert into a values (1)',
    });
    const runs = await Promise.all(
      Array.from({ length: 5 }, () => migrate({ url: empty.url, directories: [directory] })),
    );
    expect(runs.filter((names) => names.length > 0)).toEqual([
      ['kit-0001_messages.sql', 'kit-0002_parcels.sql', '0001_a.sql', '0002_b.sql'],
    ]);
    await empty.drop();
  });

  test('refuse a file that was changed after it had been applied', async () => {
    const empty = await createEmptyDatabase();
    const directory = await folderWith({ '0001_a.sql': 'create table a (n int)' });
    await migrate({ url: empty.url, directories: [directory] });
    await writeFile(join(directory, '0001_a.sql'), 'create table a (n bigint)');
    await expect(migrate({ url: empty.url, directories: [directory] })).rejects.toThrow('0001_a.sql was changed');
    await empty.drop();
  });

  test('leave nothing of a file that fails half-way, and name it', async () => {
    const empty = await createEmptyDatabase();
    const directory = await folderWith({ '0001_a.sql': 'create table a (n int); select wrong' });
    await expect(migrate({ url: empty.url, directories: [directory] })).rejects.toThrow('migration 0001_a.sql failed');
    await writeFile(join(directory, '0001_a.sql'), 'create table a (n int)');
    await expect(migrate({ url: empty.url, directories: [directory] })).resolves.toEqual(['0001_a.sql']);
    await empty.drop();
  });
});

describe('a database', () => {
  test('gives counts as numbers and instants as dates', async () => {
    const row = await database.kysely
      .insertInto('things')
      .values({ id: 'types', text: 'x' } as never)
      .returning(['at', 'big'])
      .executeTakeFirstOrThrow();
    expect(row.at).toBeInstanceOf(Date);
    expect(row.big).toBe(9007199254740991);
  });

  test('limits statements, lock waits and forgotten transactions on the server’s side', async () => {
    const { rows } = await database.pool.query(
      `select name, setting from pg_settings
       where name in ('statement_timeout', 'lock_timeout', 'idle_in_transaction_session_timeout') order by name`,
    );
    expect(rows).toEqual([
      { name: 'idle_in_transaction_session_timeout', setting: '15000' },
      { name: 'lock_timeout', setting: '5000' },
      { name: 'statement_timeout', setting: '10000' },
    ]);
  });

  test('goes on with prepared statements after a migration has added a column under it', async () => {
    const read = () => database.kysely.selectFrom('things').selectAll().where('id', '=', 'types').execute();
    for (let i = 0; i < 8; i += 1) await read();
    await database.pool.query(`alter table things add column more text not null default 'new'`);
    expect(await read()).toMatchObject([{ id: 'types', more: 'new' }]);
  });

  test('refuses, in production, a server that may forget what was committed', async () => {
    const open = (production: boolean) =>
      openDatabase({ url: database.url, poolSize: 1, service: 'x', logger: testLogger(), production });
    const careless = open(true);
    await expect(careless.verifyDurability()).rejects.toThrow('fsync=off');
    await careless.close();
    const development = open(false);
    await expect(development.verifyDurability()).resolves.toBeUndefined();
    await development.close();
    await database.pool.query(
      "do $$ begin execute format('alter database %I set synchronous_commit = off', current_database()); end $$",
    );
    const asynchronous = open(true);
    await expect(asynchronous.verifyDurability()).rejects.toThrow('synchronous_commit=off');
    await asynchronous.close();
  });

  test('survives that the server cuts a connection in mid-transaction: the transaction fails, the next one works', async () => {
    await expect(
      database.kysely.transaction().execute(async (trx) => {
        await trx
          .insertInto('things')
          .values({ id: 'cut', text: 'x' } as never)
          .execute();
        await database.pool.query(
          `select pg_terminate_backend(pid) from pg_stat_activity
           where datname = current_database() and state = 'idle in transaction'`,
        );
        await new Promise((resolve) => setTimeout(resolve, 50));
        await trx
          .insertInto('things')
          .values({ id: 'cut too', text: 'x' } as never)
          .execute();
      }),
    ).rejects.toThrow();
    const { rows } = await database.pool.query(`select from things where id like 'cut%'`);
    expect(rows).toHaveLength(0);
  });
});

describe('events', () => {
  const cause = { actor: { kind: 'system', id: 'test' } as const, traceparent: null };
  const tools = { clock: testClock(), ids: testIds() };
  const customer = { customerId: 'c' as never, partnerId: 'p' as never, name: 'n', contacts: [], version: 1 };

  test('are written once for each queue that consumes them, under one id', async () => {
    await database.pool.query('truncate outbox');
    await database.kysely
      .transaction()
      .execute((trx) => recordEvent(trx, tools, cause, { type: 'customer.changed.1', data: customer }));
    const { rows } = await database.pool.query('select event_id, queue from outbox order by queue');
    expect(rows.map(({ queue }) => queue)).toEqual([
      'activation-accounts',
      'license-accounts',
      'notification-accounts',
    ]);
    expect(new Set(rows.map(({ event_id }) => event_id)).size).toBe(1);
    expect(await outboxEvents(database)).toEqual([
      {
        id: rows[0]?.event_id,
        type: 'customer.changed.1',
        occurredAt: '2026-03-01T12:00:00.000Z',
        actor: cause.actor,
        traceparent: null,
        data: customer,
      },
    ]);
  });

  test('vanish with the change they tell of', async () => {
    await database.pool.query('truncate outbox');
    const failing = database.kysely.transaction().execute(async (trx) => {
      await recordEvent(trx, tools, cause, { type: 'customer.changed.1', data: customer });
      throw new Error('rolled back');
    });
    await expect(failing).rejects.toThrow('rolled back');
    expect(await outboxEvents(database)).toEqual([]);
  });
});

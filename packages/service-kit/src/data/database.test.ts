import { createTestDatabase, type TestDatabase, testLogger } from '@smartserver/testing';
import { type KitTables, openDatabase } from '../index.ts';

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

  test('refuses, in production, a server that may lose what was committed', async () => {
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

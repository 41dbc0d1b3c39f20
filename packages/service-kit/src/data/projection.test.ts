import { createTestDatabase, type TestDatabase } from '@smartserver/testing';
import { kitMigrations } from './migration-files.ts';
import { project } from './projection.ts';
import type { KitTables } from './tables.ts';

type Thing = { partner_id: string; thing_id: string; name: string; version: number };
type Tables = KitTables & { things: Thing };

let database: TestDatabase<Tables>;
beforeAll(async () => {
  database = await createTestDatabase<Tables>({ directories: [kitMigrations].slice(1), service: 'projection' });
  await database.pool.query(
    `create table things (partner_id text, thing_id text, name text not null, version integer not null,
       primary key (partner_id, thing_id))`,
  );
});
beforeEach(async () => {
  await database.pool.query('truncate things');
});
afterAll(() => database.close());

const thing = (thingId: string, version: number): Thing => ({
  partner_id: 'p',
  thing_id: thingId,
  name: `${thingId} ${version}`,
  version,
});

const take = (...rows: Thing[]) =>
  database.kysely.transaction().execute((trx) => project(trx, 'things', { key: ['partner_id', 'thing_id'] }, rows));

const names = async (): Promise<string[]> =>
  (await database.kysely.selectFrom('things').select('name').orderBy('thing_id').execute()).map((row) => row.name);

test('a projection takes a higher version only', async () => {
  expect(await take(thing('a', 2))).toBe(1);
  expect(await take(thing('a', 1))).toBe(0);
  expect(await take(thing('a', 2))).toBe(0);
  expect(await take(thing('a', 3))).toBe(1);
  expect(await names()).toEqual(['a 3']);
});

test('of several versions in one batch the highest counts, whatever their order', async () => {
  await take(thing('b', 1), thing('a', 3), thing('b', 2), thing('a', 2));
  expect(await names()).toEqual(['a 3', 'b 2']);
});

test('no rows are no statement', async () => {
  expect(await take()).toBe(0);
});

test('two batches that hold the same rows in opposite orders do not deadlock', async () => {
  const ids = Array.from({ length: 50 }, (_, index) => `t${index}`);
  const rounds = Array.from({ length: 20 }, (_, round) => round + 1);
  await Promise.all(
    rounds.map((round) => {
      const rows = ids.map((id) => thing(id, round));
      return take(...(round % 2 === 0 ? rows : rows.toReversed()));
    }),
  );
  expect(await names()).toEqual(ids.map((id) => `${id} 20`).sort());
});

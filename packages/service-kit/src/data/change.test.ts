import { createTestDatabase, fakeRelay, type TestDatabase } from '@smartserver/testing';
import type { Generated, Transaction } from 'kysely';
import { change, type KitTables, ProblemError } from '../index.ts';

interface Tables extends KitTables {
  notes: { id: Generated<number>; text: string };
}

let database: TestDatabase<Tables>;

beforeAll(async () => {
  database = await createTestDatabase<Tables>({ directories: [], service: 'change', poolSize: 20 });
  await database.pool.query(
    'create table notes (id bigint generated always as identity primary key, text text not null)',
  );
});
afterAll(() => database.close());
beforeEach(() => database.pool.query('truncate notes, idempotency_keys'));

const write =
  (text: string) =>
  async (trx: Transaction<Tables>): Promise<{ id: number; text: string; at: string }> => {
    const row = await trx.insertInto('notes').values({ text }).returning(['id', 'text']).executeTakeFirstOrThrow();
    return { ...row, at: new Date(row.id * 1_000).toISOString() };
  };

const count = async (): Promise<number> => {
  const { n } = await database.kysely
    .selectFrom('notes')
    .select((eb) => eb.fn.countAll<number>().as('n'))
    .executeTakeFirstOrThrow();
  return n;
};

const keyed = (key: string, fingerprint = 'body', scope = 'partner_user:1') => ({
  idempotency: { key, scope, fingerprint },
});

const deps = () => ({ database, relay: fakeRelay });

test('fifty simultaneous requests with the same key have one effect and byte-identical results', async () => {
  const results = await Promise.all(Array.from({ length: 50 }, () => change(deps(), keyed('k'), write('one'))));
  expect(await count()).toBe(1);
  expect(new Set(results.map((result) => JSON.stringify(result))).size).toBe(1);
});

test('among racers with different bodies under one key one body wins and the others are refused', async () => {
  const settled = await Promise.allSettled(
    Array.from({ length: 50 }, (_, i) => change(deps(), keyed('k', `body ${i % 2}`), write(`body ${i % 2}`))),
  );
  const won = settled.filter((result) => result.status === 'fulfilled');
  const lost = settled.filter((result) => result.status === 'rejected');
  expect(await count()).toBe(1);
  expect(won).toHaveLength(25);
  expect(lost.every(({ reason }) => reason instanceof ProblemError && reason.code === 'idempotency_key_reused')).toBe(
    true,
  );
});

test('the same key of another caller is another key', async () => {
  await change(deps(), keyed('k', 'body', 'partner_user:1'), write('a'));
  await change(deps(), keyed('k', 'body', 'partner_user:2'), write('b'));
  expect(await count()).toBe(2);
});

test('a request without a key runs each time', async () => {
  await change(deps(), { idempotency: null }, write('a'));
  await change(deps(), { idempotency: null }, write('a'));
  expect(await count()).toBe(2);
});

test('a failure undoes everything and leaves the key free for the next try', async () => {
  const fail = async (trx: Transaction<Tables>): Promise<never> => {
    await write('lost')(trx);
    throw new Error('power cut');
  };
  await expect(change(deps(), keyed('k'), fail)).rejects.toThrow('power cut');
  expect(await count()).toBe(0);
  expect(await change(deps(), keyed('k'), write('kept'))).toMatchObject({ text: 'kept' });
});

test('when the first of many racers fails, the next one does the work and the rest get its result', async () => {
  let runs = 0;
  const settled = await Promise.allSettled(
    Array.from({ length: 20 }, () =>
      change(deps(), keyed('k'), async (trx) => {
        runs += 1;
        const mine = runs;
        const note = await write('note')(trx);
        if (mine === 1) throw new Error('the first one fails');
        return note;
      }),
    ),
  );
  expect(runs).toBe(2);
  expect(await count()).toBe(1);
  expect(settled.filter((result) => result.status === 'rejected')).toHaveLength(1);
});

test('the stored result comes back exactly as the first answer was, also for a result without a value', async () => {
  const strange = { z: 1, a: [1.5, 'ä', null], text: '"<\u2028' };
  const first = await change(deps(), keyed('strange'), async () => strange);
  const second = await change(deps(), keyed('strange'), async () => ({ ...strange, z: 2 }));
  expect(JSON.stringify(second)).toBe(JSON.stringify(first));
  await change(deps(), keyed('nothing'), async () => undefined);
  expect(await change(deps(), keyed('nothing'), async () => undefined)).toBeNull();
});

test('the relay is woken after the commit, and not after a failure', async () => {
  const seen: Promise<number>[] = [];
  const relay = { wake: () => void seen.push(count()) };
  await change({ database, relay }, { idempotency: null }, write('a'));
  await change({ database, relay }, { idempotency: null }, () => Promise.reject(new Error('no'))).catch(
    () => undefined,
  );
  expect(await Promise.all(seen)).toEqual([1]);
});

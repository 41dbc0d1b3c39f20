import { createEmptyDatabase, testLogger } from '@smartserver/testing';
import { openDatabase } from '../index.ts';

// Guarantee 7, the part of one process: a request that finds no free connection is refused before anybody's time-out.

test('a statement that finds all connections busy gives up within 5 s, and the next one works', async () => {
  const { url, drop } = await createEmptyDatabase();
  const database = openDatabase({ url, poolSize: 1, service: 'test', logger: testLogger() });
  const busy = await database.pool.connect();
  const started = performance.now();
  await expect(database.pool.query('select 1')).rejects.toThrow(/timeout/);
  expect(performance.now() - started).toBeLessThan(5_000);
  busy.release();
  await expect(database.pool.query('select 1')).resolves.toMatchObject({ rowCount: 1 });
  await database.close();
  await drop();
}, 15_000);

import { readdirSync, statSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { BACKENDS, names, type Rig, startRig } from '../../test/support/rig.ts';
import { listDeadLetters } from '../index.ts';

/** What the queues forget, the outbox puts back; what had its effect has no second one [guarantees.md 11 and 12]. */
describe.each(BACKENDS)('on %s', (backend) => {
  let rig: Rig;
  beforeEach(async () => {
    rig = await startRig(backend);
  });
  afterEach(() => rig.stop());

  const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

  const settled = async () => {
    const { rows } = await rig.database.pool.query('select from outbox where confirmed_at is null');
    return rows.length === 0;
  };

  const inQueueDatabase = async (statement: string): Promise<void> => {
    const client = new pg.Client({ connectionString: rig.queueUrl });
    client.on('error', () => undefined);
    await client.connect();
    await client.query(statement);
    await client.end();
  };

  const forgetEverything = async () => {
    if (rig.redis === null) await inQueueDatabase('truncate bullmq.job cascade');
    else await rig.redis.command('flushall');
  };

  test('queues that are emptied six times under load lose no effect, and double none', async () => {
    rig.consumers();
    const relay = rig.relay();
    await rig.messaging.probe();
    for (let round = 0; round < 6; round += 1) {
      await rig.record(names(50, `round ${round}`));
      relay.wake();
      await pause(round * 15);
      await forgetEverything();
    }
    await rig.until(async () => (await rig.effects()).length >= 300, 'all effects', 25_000);
    await rig.until(settled, 'all rows confirmed');
    expect(new Set(await rig.effects()).size).toBe(300);
    expect(await rig.effects()).toHaveLength(300);
    expect(await listDeadLetters(rig.database)).toEqual([]);
  });

  test('messages that wait, while no consumer runs, survive the loss of their queue', async () => {
    const relay = rig.relay();
    await rig.record(names(40));
    relay.wake();
    const waiting = async () => {
      const { rows } = await rig.database.pool.query<{ id: string }>('select distinct job_id as id from outbox');
      const statuses = await rig.messaging.statusesOf(
        'license-accounts',
        rows.map(({ id }) => id),
      );
      return [...statuses.values()].every(({ kind }) => kind === 'active');
    };
    await rig.until(() => waiting().catch(() => false), 'all in the queue');
    await forgetEverything();
    rig.consumers();
    await rig.until(async () => (await rig.effects()).length >= 40, 'all effects');
    expect(await rig.effects()).toEqual(names(40));
  });

  if (backend === 'redis') {
    test('after kill -9 and three seconds without Redis workers go on by themselves; writes neither fail nor wait meanwhile', async () => {
      rig.consumers();
      const relay = rig.relay();
      await rig.record(names(20, 'before'));
      relay.wake();
      await rig.until(async () => (await rig.effects()).length === 20, 'the first effects');
      await rig.redis?.kill();
      const start = performance.now();
      for (let i = 0; i < 20; i += 1) {
        await rig.record([`during ${String(i).padStart(5, '0')}`]);
        relay.wake();
      }
      expect(performance.now() - start).toBeLessThan(2_000);
      const attempt = performance.now();
      await expect(rig.messaging.publish('license-accounts', [{ id: 'x', type: 'y', data: {} }])).rejects.toThrow();
      expect(performance.now() - attempt).toBeLessThan(5_500);
      await expect(rig.messaging.probe()).rejects.toThrow();
      await pause(3_000);
      await rig.redis?.start();
      await rig.until(async () => (await rig.effects()).length >= 40, 'all effects');
      await rig.record(names(20, 'later'));
      relay.wake();
      await rig.until(async () => (await rig.effects()).length >= 60, 'the last effects');
      await rig.until(settled, 'all rows confirmed');
      expect(await rig.effects()).toHaveLength(60);
    }, 60_000);

    test('an append-only file that lost its end loses no effect, and doubles none', async () => {
      rig.consumers();
      const relay = rig.relay();
      for (let round = 0; round < 3; round += 1) {
        await rig.record(names(40, `round ${round}`));
        relay.wake();
        await pause(60);
        await rig.redis?.kill();
        const folder = join(rig.redis?.folder ?? '', 'appendonlydir');
        for (const file of readdirSync(folder).filter((name) => name.endsWith('.incr.aof'))) {
          const path = join(folder, file);
          truncateSync(path, Math.floor(statSync(path).size / 2));
        }
        await rig.redis?.start();
      }
      await rig.until(async () => (await rig.effects()).length >= 120, 'all effects', 30_000);
      // Jobs that the lost end had recorded as finished have no worker now: another one takes them when their lock ends.
      await rig.until(settled, 'all rows confirmed', 75_000);
      expect(await rig.effects()).toHaveLength(120);
      expect(new Set(await rig.effects()).size).toBe(120);
    }, 150_000);

    test('a Redis that hangs does not block publishers, and all goes on when it answers again', async () => {
      rig.consumers();
      const relay = rig.relay();
      await rig.until(() => rig.messaging.probe().then(() => true), 'a first probe');
      await rig.redis?.freeze();
      await rig.record(names(10));
      relay.wake();
      const attempt = performance.now();
      await expect(rig.messaging.publish('license-accounts', [{ id: 'x', type: 'y', data: {} }])).rejects.toThrow();
      expect(performance.now() - attempt).toBeLessThan(6_000);
      await rig.redis?.thaw();
      await rig.until(async () => (await rig.effects()).length >= 10, 'all effects');
      expect(await rig.effects()).toEqual(names(10));
    }, 60_000);
  } else {
    test('after the server has cut every connection workers go on by themselves', async () => {
      rig.consumers();
      const relay = rig.relay();
      await rig.record(names(20, 'before'));
      relay.wake();
      await rig.until(async () => (await rig.effects()).length === 20, 'the first effects');
      for (let round = 0; round < 3; round += 1) {
        await inQueueDatabase(
          'select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
        );
        await rig.record(names(20, `round ${round}`));
        relay.wake();
        await pause(100);
      }
      await rig.until(async () => (await rig.effects()).length >= 80, 'all effects');
      await rig.until(settled, 'all rows confirmed');
      expect(await rig.effects()).toHaveLength(80);
      await rig.until(
        () =>
          rig.messaging.probe().then(
            () => true,
            () => false,
          ),
        'a probe',
      );
    }, 60_000);
  }

  test('a service database that is cut off again and again in mid-effect makes no dead letter and no second effect', async () => {
    rig.consumers();
    const relay = rig.relay();
    await rig.record(names(150));
    relay.wake();
    for (let round = 0; round < 8; round += 1) {
      await pause(30);
      await rig.database.pool
        .query(
          'select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
        )
        .catch(() => undefined);
    }
    await rig.until(async () => (await rig.effects().catch(() => [])).length >= 150, 'all effects', 30_000);
    await rig.until(settled, 'all rows confirmed', 30_000);
    expect(await rig.effects()).toEqual(names(150));
    expect(await listDeadLetters(rig.database)).toEqual([]);
  }, 60_000);
});

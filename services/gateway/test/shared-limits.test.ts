import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { expectProblem, hasRedis, startRedis, type TestRedis, testLogger } from '@smartserver/testing';
import type { Redis } from 'ioredis';
import { openLimitRedis } from '../src/limits/store.ts';
import { ask, startEchoGateway, type TestGateway } from './support.ts';

(hasRedis() ? describe : describe.skip)('limits that several gateways share through Redis', () => {
  let redis: TestRedis;
  const clients: Redis[] = [];
  const gateways: TestGateway[] = [];
  const logger = testLogger();

  const client = async (): Promise<Redis> => {
    const opened = openLimitRedis(redis.url, logger);
    clients.push(opened);
    if (opened.status !== 'ready') await once(opened, 'ready');
    return opened;
  };
  const gateway = async (perAddress: number): Promise<TestGateway> => {
    const started = await startEchoGateway('process', { redis: await client(), limits: { perAddress } });
    gateways.push(started);
    return started;
  };
  const read = (of: TestGateway) => ask(`${of.url}/v1/keys`);

  beforeAll(async () => {
    redis = await startRedis();
  });
  afterEach(async () => {
    for (const started of gateways.splice(0)) await started.stop();
    for (const opened of clients.splice(0)) opened.disconnect();
    await redis.command('flushall');
  });
  afterAll(() => redis.stop());

  test('two gateways together let as many pass as one would', async () => {
    const [one, other] = [await gateway(10), await gateway(10)];
    const statuses: number[] = [];
    for (let count = 0; count < 10; count += 1) {
      statuses.push((await read(one)).statusCode, (await read(other)).statusCode);
    }
    expect(statuses.filter((status) => status === 200)).toHaveLength(10);
    expectProblem(await read(one), 429, 'rate_limited');
    expectProblem(await read(other), 429, 'rate_limited');
  });

  test('a limit big enough for portions is not passed by two gateways either', async () => {
    const [one, other] = [await gateway(400), await gateway(400)];
    const answers = await Promise.all(Array.from({ length: 600 }, (_, index) => read(index % 2 === 0 ? one : other)));
    const passed = answers.filter((answer) => answer.statusCode === 200).length;
    expect(passed).toBeLessThanOrEqual(400);
    expect(passed).toBeGreaterThanOrEqual(390);
  });

  test('while Redis is killed the gateway answers and still limits, and shares again when it is back', async () => {
    const only = await gateway(3);
    expect((await read(only)).statusCode).toBe(200);
    await redis.kill();
    const statuses: number[] = [];
    const startedAt = performance.now();
    for (let count = 0; count < 6; count += 1) statuses.push((await read(only)).statusCode);
    expect(performance.now() - startedAt).toBeLessThan(3_000);
    expect(statuses).toEqual([200, 200, 200, 429, 429, 429]);

    await redis.start();
    while (clients.some((opened) => opened.status !== 'ready')) await pause(20);
    await redis.command('flushall');
    const other = await gateway(3);
    for (let count = 0; count < 3; count += 1) expect((await read(other)).statusCode).toBe(200);
    expectProblem(await read(only), 429, 'rate_limited');
  });

  test('a Redis that hangs costs a request a fraction of a second, not its answer', async () => {
    const only = await gateway(100);
    await read(only);
    await redis.freeze();
    try {
      const startedAt = performance.now();
      expect((await read(only)).statusCode).toBe(200);
      expect(performance.now() - startedAt).toBeLessThan(1_500);
    } finally {
      await redis.thaw();
    }
  });
});

import { randomUUID } from 'node:crypto';
import type { EventEnvelope, Order } from '@smartserver/contracts';
import { openMessaging } from '@smartserver/service-kit';
import {
  actors,
  createEmptyDatabase,
  createTestDatabase,
  eventually,
  makeEvent,
  testLogger,
  testVerifier,
} from '@smartserver/testing';
import { license } from '../src/index.ts';

/* The whole service, started as its process starts it, on real queues. */

test('the service consumes events of its queues, publishes its own, reports itself ready and stops', async () => {
  const database = await createTestDatabase({ directories: [license.migrations], service: 'license' });
  const queue = await createEmptyDatabase();
  const env = {
    PORT: '8081',
    DATABASE_URL: database.url,
    QUEUE_URL: queue.url,
    JWKS_URL: 'http://127.0.0.1:1/jwks.json',
  };
  const service = await license.start(env, { logger: testLogger(), jwks: testVerifier.jwks });
  const others = openMessaging({ url: queue.url, logger: testLogger() });
  try {
    const partnerId = randomUUID();
    const published: EventEnvelope[] = [];
    others.subscribe('activation-licenses', async ({ messages }) => {
      published.push(...messages.map(({ data }) => data as EventEnvelope));
      return { kind: 'done' };
    });
    const event = makeEvent('partner.changed.1', { partnerId, name: 'Lumina Integration', version: 1 });
    await others.publish('license-accounts', [{ id: event.id, type: event.type, data: event }]);

    const lines = [{ kind: 'capacity', deviceCount: 1000, quantity: 1 }];
    const order = () =>
      service.app.inject({
        method: 'POST',
        url: '/v1/orders',
        headers: { authorization: `Bearer ${testVerifier.tokenFor(actors.staff())}` },
        payload: { partnerId, reference: 'PO-1', lines },
      });
    const placed = await eventually(
      async () => {
        const answer = await order();
        return answer.statusCode === 201 ? answer.json<Order>() : null;
      },
      { timeoutMs: 15_000 },
    );
    const changed = await eventually(async () => published.find((each) => each.type === 'license.changed.1') ?? null, {
      timeoutMs: 15_000,
    });
    expect(changed?.data).toMatchObject({ licenseId: placed?.licenses[0]?.licenseId, owner: 'inventory' });

    const ready = await service.app.inject('/readyz');
    expect(ready.json()).toEqual({ status: 'ready', checks: { database: 'ok', queues: 'ok' } });
  } finally {
    await others.close();
    await service.stop();
    await database.close();
    await queue.drop();
  }
});

test('a bad or missing variable stops the start and is named', () => {
  expect(() => license.loadConfig({})).toThrow(/DATABASE_URL is missing/);
  const env = { PORT: '1', DATABASE_URL: 'postgres://h/d', QUEUE_URL: 'redis://h', JWKS_URL: 'http://h/' };
  expect(() => license.loadConfig({ ...env, EXPIRING_WITHIN_DAYS: '-1' })).toThrow(/EXPIRING_WITHIN_DAYS is not valid/);
});

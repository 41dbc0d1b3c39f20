import { randomUUID } from 'node:crypto';
import { createSeal, openMessaging } from '@smartserver/service-kit';
import {
  createEmptyDatabase,
  createTestDatabase,
  eventually,
  makeEvent,
  startMailSink,
  testLogger,
  testVerifier,
} from '@smartserver/testing';
import { notification } from '../src/index.ts';
import type { Tables } from '../src/model/tables.ts';
import { anna, customerChanged, jens, transferred } from './support.ts';

const sealKey = Buffer.alloc(32, 3);
const environment = {
  PORT: '8084',
  DATABASE_URL: 'postgres://127.0.0.1/notification',
  QUEUE_URL: 'redis://127.0.0.1:6379',
  JWKS_URL: 'http://127.0.0.1:8081/.well-known/jwks.json',
};

test('the whole service turns events from its queues into one e-mail per contact, sends a sign-in code, and stops', async () => {
  const database = await createTestDatabase<Tables>({
    directories: [notification.migrations],
    service: 'notification',
  });
  const queues = await createEmptyDatabase();
  const sink = await startMailSink();
  const env = {
    ...environment,
    NODE_ENV: 'test',
    DATABASE_URL: database.url,
    QUEUE_URL: queues.url,
    SMTP_URL: `smtp://127.0.0.1:${sink.port}`,
    MAIL_SEAL_KEY: sealKey.toString('base64'),
  };
  const service = await notification.start(env, { logger: testLogger(), jwks: testVerifier.jwks });
  const messaging = openMessaging({ url: queues.url, logger: testLogger() });
  const [customer, transfer] = [customerChanged(), transferred()];
  const message = (event: typeof customer | typeof transfer) => ({ id: event.id, type: event.type, data: event });
  // The transfer first: it waits until its customer is known.
  await messaging.publish('notification-licenses', [message(transfer)]);
  await messaging.publish('notification-accounts', [message(customer)]);

  const arrived = async () => (sink.messages.length >= 2 ? sink.messages : null);
  const messages = await eventually(arrived, { timeoutMs: 20_000 });
  expect(messages?.flatMap(({ to }) => to).sort()).toEqual([anna.email, jens.email]);
  const challengeId = randomUUID();
  const sealed = createSeal(sealKey).seal({ recipient: jens.email, language: 'de', code: '402817' }, challengeId);
  const expiresAt = new Date(Date.now() + 600_000).toISOString();
  const code = makeEvent('portal-code.requested.1', { challengeId, sealed, expiresAt });
  await messaging.publish('notification-sign-ins', [{ id: code.id, type: code.type, data: code }]);
  const isThere = async () => sink.messages.find(({ text }) => text.includes('402817')) ?? null;
  expect((await eventually(isThere, { timeoutMs: 20_000 }))?.to).toEqual([jens.email]);
  // Counted once the mail server has answered.
  const isCounted = async () => {
    const { body } = await service.app.inject('/metrics');
    return /_total\{lane="e-mails",outcome="done"\} [2-9]/.test(body) &&
      /_total\{lane="sign-in-codes",outcome="done"\} [1-9]/.test(body)
      ? true
      : null;
  };
  expect(await eventually(isCounted, { timeoutMs: 20_000 })).toBe(true);
  const ready = await service.app.inject('/readyz');
  expect(ready.json()).toEqual({ status: 'ready', checks: { database: 'ok', queues: 'ok' } });

  await service.stop();
  await messaging.close();
  await sink.stop();
  await queues.drop();
  await database.close();
});

describe('the configuration', () => {
  test('in production a missing mail server, sender, domain or key stops the start, by name', () => {
    expect(() => notification.loadConfig({ ...environment, NODE_ENV: 'production' })).toThrow(
      'SMTP_URL is missing; MAIL_FROM is missing; MAIL_DOMAIN is missing; PUBLIC_URL is missing; MAIL_SEAL_KEY is missing; WEBHOOK_SEAL_KEY is missing',
    );
  });

  test.each([
    ['SMTP_URL', 'http://user:hunter2@mail.example'],
    ['MAIL_DOMAIN', 'mail_example'],
    ['MAIL_PER_SECOND', '-5321'],
    ['MAIL_CONNECTIONS', 'many'],
    ['MAIL_SEAL_KEY', Buffer.alloc(16).toString('base64')],
  ])('a bad %s stops the start without quoting its value', (name, value) => {
    const start = () => notification.loadConfig({ ...environment, NODE_ENV: 'test', [name]: value });
    expect(start).toThrow(name);
    expect(start).not.toThrow(value);
  });

  test('development needs no mail settings', () => {
    const config = notification.loadConfig(environment);
    expect(config).toMatchObject({ SMTP_URL: 'smtp://127.0.0.1:1025', MAIL_CONNECTIONS: 5 });
  });
});

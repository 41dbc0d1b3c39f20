import { randomUUID } from 'node:crypto';
import { ConfigError } from '@smartserver/service-kit';
import { createEmptyDatabase, createTestDatabase, testClock, testLogger } from '@smartserver/testing';
import { commandDeps } from '../src/commands.ts';
import { account, createStaff } from '../src/index.ts';
import { rotateSigningKey } from '../src/token-keys/rotate.ts';
import { otpAt, PASSWORD } from './harness.ts';

const ACCOUNT_SECRET_KEY = Buffer.alloc(32, 9).toString('base64');

test('the whole service starts on an empty database, is ready, lets the first staff user in, and stops', async () => {
  const database = await createTestDatabase({ directories: [account.migrations], service: 'account' });
  const queues = await createEmptyDatabase();
  const environment = { DATABASE_URL: database.url, ACCOUNT_SECRET_KEY, LOG_LEVEL: 'silent' };
  const clock = testClock();
  const logger = testLogger();
  const service = await account.start({ ...environment, PORT: '8081', QUEUE_URL: queues.url }, { clock, logger });
  try {
    const { app } = service;
    expect((await app.inject('/readyz')).statusCode).toBe(200);
    const token = await createStaff(environment, 'first@enocean.example', { clock });
    const accept = {
      method: 'POST',
      url: `/v1/auth/invitations/${token}/accept`,
      payload: { password: PASSWORD },
    } as const;
    const { secondFactor } = (await app.inject(accept)).json();
    const otp = otpAt(secondFactor.secret, clock.now());
    const payload = { email: 'first@enocean.example', password: PASSWORD, otp };
    const { accessToken } = (await app.inject({ method: 'POST', url: '/v1/auth/login', payload })).json();
    const headers = { authorization: `Bearer ${accessToken}` };
    const partner = { method: 'POST', url: '/v1/partners', headers, payload: { name: 'First' } } as const;
    expect((await app.inject(partner)).statusCode).toBe(201);

    const { created, kid } = await account.withStorage(environment, { clock }, (base) =>
      rotateSigningKey(commandDeps(base)),
    );
    expect(created).toBe(true);
    clock.advance(60_000);
    const { keys } = (await app.inject('/.well-known/jwks.json')).json();
    expect(keys).toHaveLength(2);
    expect(keys[0].kid).toBe(kid);
    expect((await app.inject({ url: '/v1/me', headers })).statusCode).toBe(200);
  } finally {
    await service.stop();
    await database.close();
    await queues.drop();
  }
  const log = JSON.stringify(logger.lines());
  expect(log).not.toContain(PASSWORD);
  expect(log).not.toContain(ACCOUNT_SECRET_KEY);
});

test.each([
  ['missing', undefined],
  ['too short', Buffer.alloc(16, 1).toString('base64')],
  ['not base64', `${'*'.repeat(43)}=`],
])('a secret key that is %s stops the start, with its name and without its value', (_, key) => {
  const environment = {
    DATABASE_URL: 'postgres://localhost/account',
    QUEUE_URL: 'redis://localhost',
    PORT: '8081',
    ...(key !== undefined && { ACCOUNT_SECRET_KEY: key }),
  };
  const read = () => account.loadConfig(environment);
  expect(read).toThrow(ConfigError);
  expect(read).toThrow(/^ACCOUNT_SECRET_KEY /);
  if (key !== undefined) expect(read).not.toThrow(key);
});

test('in production a missing key for sealed messages stops the start, by name; development does without', () => {
  const environment = {
    DATABASE_URL: 'postgres://localhost/account',
    QUEUE_URL: 'redis://localhost',
    PORT: '8081',
    ACCOUNT_SECRET_KEY,
  };
  expect(() => account.loadConfig({ ...environment, NODE_ENV: 'production' })).toThrow(/^MAIL_SEAL_KEY is missing$/);
  expect(account.loadConfig(environment).MAIL_SEAL_KEY).toHaveLength(32);
});

test('TRUSTED_PROXIES names whose X-Forwarded-For counts', () => {
  const environment = {
    DATABASE_URL: 'postgres://localhost/account',
    QUEUE_URL: 'redis://localhost',
    PORT: '8081',
    ACCOUNT_SECRET_KEY,
  };
  expect(account.loadConfig(environment).TRUSTED_PROXIES).toEqual(['loopback', 'uniquelocal']);
  const read = (networks: string) => account.loadConfig({ ...environment, TRUSTED_PROXIES: networks }).TRUSTED_PROXIES;
  expect(read('10.0.0.0/8, 2001:db8::1')).toEqual(['10.0.0.0/8', '2001:db8::1']);
  expect(() => read(randomUUID())).toThrow(ConfigError);
});

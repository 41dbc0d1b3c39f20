import { randomUUID } from 'node:crypto';
import type { ControllerLicensePage } from '@smartserver/contracts';
import {
  exportPrivateKey,
  exportPublicKey,
  generateKey,
  issueCertificate,
  issueRevocation,
  keyId,
  verifyCertificate,
} from '@smartserver/license-document';
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
import { sql } from 'kysely';
import { activation } from '../src/index.ts';
import { classOfRelease } from '../src/model/release.ts';
import type { Tables } from '../src/model/tables.ts';
import { release } from './maintenance-given.ts';

const environment = {
  PORT: '8083',
  DATABASE_URL: 'postgres://127.0.0.1/activation',
  QUEUE_URL: 'redis://127.0.0.1:6379',
  JWKS_URL: 'http://127.0.0.1:8081/.well-known/jwks.json',
};

/** As a person with the root key makes it, once, for a year. */
const signingEnvironment = (rootKey = generateKey()) => {
  const signingKey = generateKey();
  const day = 86_400_000;
  const [notBefore, notAfter] = [new Date(Date.now() - day), new Date(Date.now() + 365 * day)];
  return {
    LICENSE_SIGNING_KEY: exportPrivateKey(signingKey).replaceAll('\n', '\\n'),
    LICENSE_SIGNING_CERTIFICATE: issueCertificate({ rootKey, signingKey, notBefore, notAfter }),
    LICENSE_ROOT_PUBLIC_KEY: exportPublicKey(rootKey),
  };
};

/** A database and queues of its own, and the environment of a service with them and these keys. */
const surroundings = async (keys = signingEnvironment()) => {
  const database = await createTestDatabase<Tables>({
    directories: [activation.migrations],
    service: 'activation',
  });
  const queues = await createEmptyDatabase();
  const env = { ...environment, ...keys, NODE_ENV: 'test', DATABASE_URL: database.url, QUEUE_URL: queues.url };
  const drop = async () => {
    await queues.drop();
    await database.close();
  };
  return { database, queues, env, drop };
};

test('the whole service takes a license from its queue, activates it, publishes that, and stops', async () => {
  const { database, queues, env, drop } = await surroundings();
  const service = await activation.start(env, { logger: testLogger(), jwks: testVerifier.jwks });
  const messaging = openMessaging({ url: queues.url, logger: testLogger() });

  const ids = { partnerId: randomUUID(), customerId: randomUUID() };
  const licenseId = randomUUID();
  const event = makeEvent('license.changed.1', {
    ...ids,
    licenseId,
    kind: 'capacity',
    deviceCount: 200,
    termYears: null,
    renews: null,
    owner: 'customer',
    standing: 'good',
    note: '',
    firstActivatedAt: null,
    version: 2,
  });
  await messaging.publish('activation-licenses', [{ id: event.id, type: event.type, data: event }]);
  const url = '/v1/controllers/0302E1C2A8F40011';
  const cms = actors.cms({ ...ids, installCode: '0302E1C2A8F40011' });
  const headers = { authorization: `Bearer ${testVerifier.tokenFor(cms)}` };
  const available = async () => {
    const answer = await service.app.inject({ url: `${url}/available-licenses`, headers });
    return answer.json<ControllerLicensePage>().items.length > 0 ? true : null;
  };
  expect(await eventually(available, { timeoutMs: 20_000 })).toBe(true);
  const answer = await service.app.inject({
    method: 'POST',
    url: `${url}/activations`,
    headers,
    payload: { licenseIds: [licenseId] },
  });
  expect(answer.statusCode).toBe(201);
  const recorded = async () => {
    const waiting = await database.kysely
      .selectFrom('outbox')
      .select('id')
      .where('published_at', 'is', null)
      .executeTakeFirst();
    return waiting === undefined ? true : null;
  };
  expect(await eventually(recorded, { timeoutMs: 20_000 })).toBe(true);
  const ready = await service.app.inject('/readyz');
  expect(ready.json()).toEqual({ status: 'ready', checks: { database: 'ok', queues: 'ok', signing: 'ok' } });

  await service.stop();
  await messaging.close();
  await drop();
}, 60_000);

test('the whole service takes the catalogue of releases from its queue', async () => {
  const { database, queues, env, drop } = await surroundings();
  const service = await activation.start(env, { logger: testLogger(), jwks: testVerifier.jwks });
  const messaging = openMessaging({ url: queues.url, logger: testLogger() });
  const event = release({});
  await messaging.publish('activation-releases', [{ id: event.id, type: event.type, data: event }]);
  const known = async () =>
    (await classOfRelease(database.kysely, { major: 4, minor: 6, update: 0, build: null })) ?? null;
  expect(await eventually(known, { timeoutMs: 20_000 })).toBe('platform');
  await service.stop();
  await messaging.close();
  await drop();
}, 60_000);

test('a start with a key that another instance knows to be revoked fails, and leaves nothing open', async () => {
  const rootKey = generateKey();
  const keys = signingEnvironment(rootKey);
  const { database, env, drop } = await surroundings(keys);
  const { kid } = verifyCertificate(keys.LICENSE_SIGNING_CERTIFICATE, { rootPublicKey: rootKey });
  const issuedAt = new Date();
  const statement = issueRevocation({ rootKey, revokedKeyIds: [kid], issuedAt });
  await database.kysely
    .insertInto('key_revocations')
    .values({ root_kid: keyId(rootKey), issued_at: issuedAt, statement })
    .execute();
  const start = activation.start(env, { logger: testLogger(), jwks: testVerifier.jwks });
  await expect(start).rejects.toThrow('LICENSE_SIGNING_KEY was revoked');
  // Neither could be dropped with a connection open.
  await drop();
}, 60_000);

test('an instance stops to sign when its key is revoked while it runs, also after the database was away', async () => {
  const rootKey = generateKey();
  const keys = signingEnvironment(rootKey);
  const { database, env, drop } = await surroundings(keys);
  const logger = testLogger();
  const service = await activation.start(env, { logger, jwks: testVerifier.jwks });
  await sql`alter table key_revocations rename to away`.execute(database.kysely);
  const failed = async () => (logger.lines().some((line) => 'level' in line && line.level === 40) ? true : null);
  expect(await eventually(failed, { timeoutMs: 20_000 })).toBe(true);
  await sql`alter table away rename to key_revocations`.execute(database.kysely);
  const { kid } = verifyCertificate(keys.LICENSE_SIGNING_CERTIFICATE, { rootPublicKey: rootKey });
  const issuedAt = new Date();
  const statement = issueRevocation({ rootKey, revokedKeyIds: [kid], issuedAt });
  await database.kysely
    .insertInto('key_revocations')
    .values({ root_kid: keyId(rootKey), issued_at: issuedAt, statement })
    .execute();
  const notReady = async () => ((await service.app.inject('/readyz')).statusCode === 503 ? true : null);
  expect(await eventually(notReady, { timeoutMs: 20_000 })).toBe(true);
  await service.stop();
  await drop();
}, 60_000);

test('development needs no keys; a start with keys that do not fit fails, and leaves nothing open', async () => {
  expect(activation.loadConfig(environment)).toMatchObject({ LICENSE_SIGNING_KEY: '', LICENSE_ROOT_PUBLIC_KEY: '' });
  const { env, drop } = await surroundings();
  const mixed = { ...env, LICENSE_ROOT_PUBLIC_KEY: signingEnvironment().LICENSE_ROOT_PUBLIC_KEY };
  await expect(activation.start(mixed, { logger: testLogger() })).rejects.toThrow(
    'LICENSE_SIGNING_CERTIFICATE is not usable',
  );
  await drop();
}, 60_000);

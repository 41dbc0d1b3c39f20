import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ServiceName } from '@smartserver/contracts';
import { ConfigError } from '@smartserver/service-kit';
import { actors, testLogger, testVerifier } from '@smartserver/testing';
import fastify from 'fastify';
import { gatewayConfig, startGateway } from '../src/index.ts';
import type { Upstream } from '../src/upstreams/upstream.ts';
import {
  ask,
  bearer,
  echoService,
  exchange,
  readAll,
  sampleDocument,
  startEchoGateway,
  startTestGateway,
  UPSTREAM_KINDS,
} from './support.ts';

describe('readiness', () => {
  const upstream = (check: () => Promise<void>): Upstream => ({
    body: 'whole',
    forward: () => {},
    check,
    close: async () => {},
  });
  const fine = () => Promise.resolve();

  test('names each dependency, and says no when one is missing without telling why', async () => {
    const broken = () => Promise.reject(new Error('connect ECONNREFUSED 10.0.0.7:5432'));
    const upstreams = { account: upstream(fine), license: upstream(broken) };
    const gateway = await startTestGateway({ upstreams, readiness: { redis: fine } });
    try {
      const answer = await ask(`${gateway.url}/readyz`);
      expect(answer.statusCode).toBe(503);
      expect(JSON.parse(answer.body)).toEqual({
        status: 'not_ready',
        checks: { account: 'ok', license: 'failed', redis: 'ok' },
      });
      expect((await ask(`${gateway.url}/healthz`)).statusCode).toBe(200);
    } finally {
      await gateway.stop();
    }
  });

  test('a dependency that hangs counts as missing after its time', async () => {
    const hangs = () => new Promise<void>(() => {});
    const gateway = await startTestGateway({ upstreams: { account: upstream(fine), license: upstream(hangs) } });
    try {
      const answer = await ask(`${gateway.url}/readyz`);
      expect(JSON.parse(answer.body)).toMatchObject({ checks: { account: 'ok', license: 'failed' } });
    } finally {
      await gateway.stop();
    }
  });

  test('however often it is asked, a dependency is asked once a second', async () => {
    const check = jest.fn(fine);
    const gateway = await startTestGateway({ upstreams: { account: upstream(check), license: upstream(fine) } });
    try {
      await Promise.all(Array.from({ length: 20 }, () => ask(`${gateway.url}/readyz`)));
      expect(check.mock.calls.length).toBeLessThanOrEqual(2);
    } finally {
      await gateway.stop();
    }
  });

  test.each(UPSTREAM_KINDS)('a real service (%s) is asked for its own', async (kind) => {
    const gateway = await startEchoGateway(kind);
    const answer = await ask(`${gateway.url}/readyz`);
    expect(JSON.parse(answer.body)).toEqual({ status: 'ready', checks: { account: 'ok', license: 'ok' } });
    await gateway.stop();
  });
});

describe.each(UPSTREAM_KINDS)('stopping, with services in another place (%s)', (kind) => {
  test('what is under way is answered, then the connections end, and nothing new is taken', async () => {
    const gateway = await startEchoGateway(kind);
    const idle = connect(gateway.port, '127.0.0.1');
    idle.write('GET /v1/keys HTTP/1.1\r\nHost: a\r\n\r\n');
    await once(idle, 'data');
    const busy = connect(gateway.port, '127.0.0.1');
    const answered = readAll(busy);
    busy.write('POST /v1/login HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nhalf-');
    await new Promise((resolve) => setTimeout(resolve, 50));

    const idleEnded = readAll(idle);
    const stopped = gateway.stop();
    await idleEnded;
    await expect(ask(`${gateway.url}/v1/keys`)).rejects.toThrow();
    busy.write('other');
    const answer = await answered;
    expect(answer).toMatch(/^HTTP\/1\.1 200[\s\S]*half-other/);
    // An embedded service writes its own head: its connection ends without an announcement.
    if (kind === 'process') expect(answer).toMatch(/\r\nconnection: close\r\n/i);
    await stopped;
  });
});

describe('the gateway as a whole', () => {
  const folder = mkdtempSync(join(tmpdir(), 'gateway-'));
  const file = join(folder, 'gateway.json');
  writeFileSync(file, JSON.stringify(sampleDocument));
  afterAll(() => rmSync(folder, { recursive: true }));

  const places = async () => {
    const app = await echoService('any');
    const place = { app };
    return { account: place, license: place, activation: place, notification: place } satisfies Record<
      ServiceName,
      unknown
    >;
  };

  test('starts over embedded services, answers, shows its numbers on the internal port only, and stops', async () => {
    const config = gatewayConfig({ OPENAPI_FILE: file, METRICS_PORT: '39471' });
    const gateway = await startGateway(config, {
      upstreams: await places(),
      jwks: testVerifier.jwks,
      logger: testLogger(),
    });
    const url = await gateway.app.listen({ host: '127.0.0.1', port: 0 });
    const token = testVerifier.tokenFor(actors.staff());
    expect((await ask(`${url}/v1/licenses`, { headers: bearer(token) })).statusCode).toBe(200);
    const numbers = await ask('http://127.0.0.1:39471/metrics');
    expect(numbers.body).toMatch(
      /http_request_duration_seconds_count\{[^}]*operation="listLicenses",status="200"[^}]*\} 1/,
    );
    await gateway.stop();
    await gateway.stop();
    await expect(ask(url)).rejects.toThrow();
  });

  test('fetches the keys of tokens from account, by the address it has for it', async () => {
    const account = fastify();
    account.get('/.well-known/jwks.json', () => testVerifier.jwks());
    account.all('/*', () => ({}));
    const address = await account.listen({ port: 0 });
    const config = gatewayConfig({
      OPENAPI_FILE: file,
      ACCOUNT_URL: address,
      LICENSE_URL: address,
      ACTIVATION_URL: address,
      NOTIFICATION_URL: address,
    });
    const gateway = await startGateway(config, { logger: testLogger() });
    const url = await gateway.app.listen({ host: '127.0.0.1', port: 0 });
    const token = testVerifier.tokenFor(actors.staff());
    expect((await ask(`${url}/v1/me`, { headers: bearer(token) })).statusCode).toBe(200);
    await gateway.stop();
    await account.close();
  });

  test('a service without an address stops the start with the name of the variable', async () => {
    const config = gatewayConfig({
      OPENAPI_FILE: file,
      ACCOUNT_URL: 'http://127.0.0.1:1',
      LICENSE_URL: 'http://127.0.0.1:2',
    });
    await expect(startGateway(config, { logger: testLogger() })).rejects.toThrow(
      new ConfigError('ACTIVATION_URL is missing'),
    );
  });

  test.each([
    ['PORT', '99999'],
    ['ACCOUNT_URL', 'postgres://somewhere'],
    ['REDIS_URL', 'http://somewhere'],
    ['ALLOWED_ORIGINS', 'https://portal.example/path'],
    ['ALLOWED_ORIGINS', '*'],
    ['TRUSTED_PROXIES', 'everyone'],
    ['RATE_LIMIT_SIGN_IN', '-1'],
    ['UPSTREAM_CONNECTIONS', '0'],
  ])('a bad %s is named, not quoted', (name, value) => {
    const load = () => gatewayConfig({ [name]: value });
    expect(load).toThrow(ConfigError);
    expect(load).toThrow(name);
    expect(load).not.toThrow(value);
  });

  test('a document with an operation that cannot be routed stops the start', async () => {
    const broken = (operation: object) => startTestGateway({ document: { paths: { '/v1/x': { get: operation } } } });
    const fine = { operationId: 'getX', 'x-service': 'license', security: [] };
    await expect(broken({ ...fine, 'x-service': 'nobody' })).rejects.toThrow('GET /v1/x');
    await expect(broken({ ...fine, operationId: undefined })).rejects.toThrow('GET /v1/x');
    await expect(broken({ ...fine, security: [{ a: [] }, { b: [] }] })).rejects.toThrow('GET /v1/x');
    await expect(broken(fine)).rejects.toThrow('license');
  });
});

test('a caller that asks to close gets its answer and the end', async () => {
  const gateway = await startEchoGateway('embedded');
  const text = await exchange(gateway.port, 'GET /v1/keys HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
  expect(text).toMatch(/connection: close/i);
  await gateway.stop();
});

import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import type { ServiceName } from '@smartserver/contracts';
import { type Clock, systemClock } from '@smartserver/service-kit';
import { testLogger, testVerifier } from '@smartserver/testing';
import fastify, { type FastifyInstance } from 'fastify';
import type { Redis } from 'ioredis';
import { buildGateway, type GatewayDeps } from '../src/app.ts';
import { createRateLimits, type RateLimitOptions } from '../src/limits/rate-limits.ts';
import { embeddedUpstream } from '../src/upstreams/embedded-upstream.ts';
import { httpUpstream } from '../src/upstreams/http-upstream.ts';
import type { Upstream } from '../src/upstreams/upstream.ts';

const operation = (operationId: string, service: ServiceName, scopes: string[] | null) => ({
  operationId,
  'x-service': service,
  security: scopes === null ? [] : [{ oauth2: scopes }],
  responses: {},
});

/** A small composed document: public, sign-in, secured, with path parameters, on two services. */
export const sampleDocument = {
  openapi: '3.0.3',
  info: { title: 'Sample', version: '1' },
  paths: {
    '/v1/keys': { get: operation('getKeys', 'account', null) },
    '/v1/login': { post: operation('login', 'account', null) },
    '/v1/me': { get: operation('getMe', 'account', []) },
    '/v1/licenses': {
      get: operation('listLicenses', 'license', ['licenses:read']),
      post: operation('createLicense', 'license', ['licenses:write']),
    },
    '/v1/licenses/{licenseId}': {
      get: operation('getLicense', 'license', ['licenses:read']),
      patch: operation('updateLicense', 'license', ['licenses:write']),
      delete: operation('deleteLicense', 'license', ['licenses:control']),
    },
  },
};

/** What the echoing service got. */
export type Echo = {
  service: string;
  method: string;
  url: string;
  headers: Record<string, string>;
  body: string;
  ip: string;
  requestId: string;
};

/** A service that answers with what it got. */
export const echoService = async (service: string): Promise<FastifyInstance> => {
  const app = fastify({
    bodyLimit: 256 * 1_024,
    trustProxy: true,
    genReqId: (request) => String(request.headers['x-request-id']),
  });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => done(null, body));
  app.get('/readyz', () => ({ status: 'ready' }));
  app.get('/metrics', () => 'secret_numbers 1');
  app.all('/*', (request, reply) => {
    reply.header('x-request-id', request.id).header('x-service-says', 'hello');
    return {
      service,
      method: request.method,
      url: request.url,
      headers: request.headers,
      body: request.body ?? '',
      ip: request.ip,
      requestId: request.id,
    };
  });
  await app.ready();
  return app;
};

export type TestGateway = {
  app: FastifyInstance;
  url: string;
  port: number;
  logger: ReturnType<typeof testLogger>;
  stop(): Promise<void>;
};

export type GatewayOverrides = Partial<Omit<GatewayDeps, 'limits'>> & {
  limits?: Partial<RateLimitOptions>;
  redis?: Redis | null;
};

/** A gateway on a port of its own, without limits by default. */
export const startTestGateway = async (overrides: GatewayOverrides = {}): Promise<TestGateway> => {
  const logger = testLogger();
  const clock: Clock = overrides.clock ?? systemClock;
  const options = { perAddress: 0, perCredential: 0, signIn: 0, ...overrides.limits };
  const deps = {
    document: sampleDocument,
    upstreams: {},
    verifier: testVerifier,
    readiness: {},
    logger,
    clock,
    production: false,
    allowedOrigins: [],
    trustedProxies: [],
    portal: { directory: '/nowhere', customerSuccessContact: 'success@vendor.example' },
    upstreamTimeoutMs: 5_000,
    ...overrides,
    limits: createRateLimits({ options, redis: overrides.redis ?? null, clock }),
  };
  const app = await buildGateway(deps);
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  return {
    app,
    url,
    port: (app.server.address() as AddressInfo).port,
    logger,
    stop: async () => {
      await app.close();
      await Promise.all(Object.values(deps.upstreams).map((upstream) => upstream.close()));
    },
  };
};

export const UPSTREAM_KINDS = ['process', 'embedded'] as const;
export type UpstreamKind = (typeof UPSTREAM_KINDS)[number];

/** A gateway over two echoing services, in either way. */
export const startEchoGateway = async (kind: UpstreamKind, overrides: GatewayOverrides = {}): Promise<TestGateway> => {
  const [account, license] = await Promise.all([echoService('account'), echoService('license')]);
  const open = async (service: ServiceName, app: FastifyInstance): Promise<Upstream> =>
    kind === 'embedded'
      ? embeddedUpstream(service, app)
      : httpUpstream({ service, url: await app.listen({ port: 0 }), connections: 16, timeoutMs: 5_000 });
  const upstreams = { account: await open('account', account), license: await open('license', license) };
  const gateway = await startTestGateway({ ...overrides, upstreams });
  return {
    ...gateway,
    stop: async () => {
      await gateway.stop();
      await Promise.all([account.close(), license.close()]);
    },
  };
};

export type RawServer = {
  server: Server;
  url: string;
  connections: () => number;
  requests: IncomingMessage[];
  stop(): Promise<void>;
};

/** A bare upstream that counts its connections. */
export const startRawServer = async (listener: RequestListener, port = 0): Promise<RawServer> => {
  let connections = 0;
  const requests: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    requests.push(request);
    listener(request, response);
  });
  server.on('connection', () => {
    connections += 1;
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return {
    server,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    connections: () => connections,
    requests,
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
};

/** A gateway whose license service is the bare server. */
export const startGatewayOver = (
  server: Pick<RawServer, 'url'>,
  options: { connections?: number; timeoutMs?: number; overrides?: GatewayOverrides } = {},
): Promise<TestGateway> => {
  const { connections = 16, timeoutMs = 5_000, overrides = {} } = options;
  const upstream = (service: ServiceName) => httpUpstream({ service, url: server.url, connections, timeoutMs });
  return startTestGateway({ ...overrides, upstreams: { account: upstream('account'), license: upstream('license') } });
};

/** Sends bytes as they are, and gives everything that comes back until the connection ends. */
export const exchange = async (port: number, text: string): Promise<string> => {
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  socket.write(text);
  return readAll(socket);
};

export const readAll = async (socket: Socket): Promise<string> => {
  const chunks: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  await once(socket, 'close');
  return Buffer.concat(chunks).toString('latin1');
};

export type Answer = { statusCode: number; headers: Record<string, string>; body: string };

/** `fetch`, in the shape that `expectProblem` reads. */
export const ask = async (url: string, init: RequestInit = {}): Promise<Answer> => {
  const response = await fetch(url, { redirect: 'manual', ...init });
  return { statusCode: response.status, headers: Object.fromEntries(response.headers), body: await response.text() };
};

export const bearer = (token: string): Record<string, string> => ({ authorization: `Bearer ${token}` });

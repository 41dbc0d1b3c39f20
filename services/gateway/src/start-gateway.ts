import { readFile } from 'node:fs/promises';
import type { JsonWebKeySet, ServiceName } from '@smartserver/contracts';
import {
  type Clock,
  ConfigError,
  createLogger,
  createMetrics,
  createStopStack,
  createTokenVerifier,
  httpJwks,
  type Logger,
  type Metrics,
  type RunningService,
  type StopStack,
  systemClock,
} from '@smartserver/service-kit';
import fastify, { type FastifyInstance } from 'fastify';
import { buildGateway } from './app.ts';
import type { GatewayConfig } from './config.ts';
import { createRateLimits } from './limits/rate-limits.ts';
import { openLimitRedis } from './limits/store.ts';
import { embeddedUpstream } from './upstreams/embedded-upstream.ts';
import { httpUpstream } from './upstreams/http-upstream.ts';
import type { Upstream } from './upstreams/upstream.ts';

/** Where a service is: at an address, or in this process. */
export type UpstreamPlace = { url: string } | { app: FastifyInstance };

export type GatewayStartDeps = {
  /** Instead of the addresses of the configuration. */
  upstreams?: Record<ServiceName, UpstreamPlace>;
  jwks?: () => Promise<JsonWebKeySet>;
  logger?: Logger;
  clock?: Clock;
  /** Pages of a development system, as `/dev/mail`. They have the gateway's security headers, and may override each. */
  extraRoutes?: (app: FastifyInstance) => void;
};

/**
 * Opens what the gateway needs; closes it again when a part of it fails. It does not listen yet.
 * @throws ConfigError when a service has no address; Error when the document cannot be read or routed
 */
export const startGateway = async (config: GatewayConfig, deps: GatewayStartDeps = {}): Promise<RunningService> => {
  const clock = deps.clock ?? systemClock;
  const logger = deps.logger ?? createLogger({ service: 'gateway', level: config.LOG_LEVEL });
  const opened = createStopStack(logger);
  try {
    const app = await openAll(config, { ...deps, clock, logger }, opened);
    return { name: 'gateway', app, stop: () => opened.stop() };
  } catch (error) {
    await opened.stop();
    throw error;
  }
};

const openAll = async (
  config: GatewayConfig,
  deps: GatewayStartDeps & { clock: Clock; logger: Logger },
  opened: StopStack,
): Promise<FastifyInstance> => {
  const { clock, logger, extraRoutes } = deps;
  const redis = config.REDIS_URL === undefined ? null : openLimitRedis(config.REDIS_URL, logger);
  opened.add('redis', async () => redis?.disconnect());
  const metrics = createMetrics('gateway');
  const metricsServer = await startMetricsServer(config, metrics);
  opened.add('metrics', async () => metricsServer?.close());
  const upstreams = openUpstreams(config, deps.upstreams ?? configuredPlaces(config));
  opened.add('connections', () => Promise.all(Object.values(upstreams).map((upstream) => upstream.close())));
  const app = await buildGateway({
    document: await readDocument(config.OPENAPI_FILE),
    upstreams,
    verifier: createTokenVerifier({ jwks: deps.jwks ?? configuredKeys(config), clock }),
    limits: createRateLimits({
      options: {
        perAddress: config.RATE_LIMIT_PER_ADDRESS,
        perCredential: config.RATE_LIMIT_PER_CREDENTIAL,
        signIn: config.RATE_LIMIT_SIGN_IN,
      },
      redis,
      clock,
    }),
    readiness: redis === null ? {} : { redis: async () => void (await redis.ping()) },
    logger,
    clock,
    production: config.NODE_ENV === 'production',
    allowedOrigins: config.ALLOWED_ORIGINS,
    trustedProxies: config.TRUSTED_PROXIES,
    portal: { directory: config.PORTAL_DIRECTORY, customerSuccessContact: config.CUSTOMER_SUCCESS_CONTACT },
    upstreamTimeoutMs: config.UPSTREAM_TIMEOUT_MS,
    metrics,
    ...(extraRoutes === undefined ? {} : { extraRoutes }),
  });
  // As long as a service may take: a request under way is finished.
  opened.add('server', () => app.close(), config.UPSTREAM_TIMEOUT_MS + 1_000);
  return app;
};

/** `/metrics` on a port of its own, which is not published: the gateway's other port is the public's. */
const startMetricsServer = async (config: GatewayConfig, metrics: Metrics): Promise<FastifyInstance | null> => {
  if (config.METRICS_PORT === undefined) return null;
  const server = fastify({ logger: false });
  server.get('/metrics', async (_request, reply) => reply.type(metrics.contentType).send(await metrics.render()));
  await server.listen({ host: config.HOST, port: config.METRICS_PORT });
  return server;
};

const readDocument = async (path: string): Promise<object> => {
  const document: unknown = JSON.parse(await readFile(path, 'utf8'));
  if (typeof document !== 'object' || document === null) throw new Error('the OpenAPI document is no object');
  return document;
};

const required = (name: string, value: string | undefined): string => {
  if (value === undefined) throw new ConfigError(`${name} is missing`);
  return value;
};

const configuredPlaces = (config: GatewayConfig): Record<ServiceName, UpstreamPlace> => ({
  account: { url: required('ACCOUNT_URL', config.ACCOUNT_URL) },
  license: { url: required('LICENSE_URL', config.LICENSE_URL) },
  activation: { url: required('ACTIVATION_URL', config.ACTIVATION_URL) },
  notification: { url: required('NOTIFICATION_URL', config.NOTIFICATION_URL) },
});

const configuredKeys = (config: GatewayConfig): (() => Promise<JsonWebKeySet>) => {
  const url = config.JWKS_URL ?? new URL('/.well-known/jwks.json', required('ACCOUNT_URL', config.ACCOUNT_URL)).href;
  return httpJwks(url);
};

const openUpstreams = (
  config: GatewayConfig,
  places: Record<ServiceName, UpstreamPlace>,
): Record<ServiceName, Upstream> => {
  const open = (service: ServiceName): Upstream => {
    const place = places[service];
    if ('app' in place) return embeddedUpstream(service, place.app);
    return httpUpstream({
      service,
      url: place.url,
      connections: config.UPSTREAM_CONNECTIONS,
      timeoutMs: config.UPSTREAM_TIMEOUT_MS,
    });
  };
  return {
    account: open('account'),
    license: open('license'),
    activation: open('activation'),
    notification: open('notification'),
  };
};

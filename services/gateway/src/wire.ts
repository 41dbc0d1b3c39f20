import { readFile } from 'node:fs/promises';
import type { JsonWebKeySet, ServiceName } from '@smartserver/contracts';
import {
  type Clock,
  ConfigError,
  createLogger,
  createMetrics,
  createTokenVerifier,
  httpJwks,
  type Logger,
  type RunningService,
  stopInOrder,
  systemClock,
} from '@smartserver/service-kit';
import type { FastifyInstance } from 'fastify';
import { buildGateway } from './app.ts';
import type { GatewayConfig } from './config.ts';
import { createRateLimits } from './limits/rate-limits.ts';
import { openLimitRedis } from './limits/store.ts';
import { startMetricsServer } from './metrics-server.ts';
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
 * Wires the gateway. It does not listen yet.
 * @throws ConfigError when a service has no address; Error when the document cannot be read or routed
 */
export const startGateway = async (config: GatewayConfig, deps: GatewayStartDeps = {}): Promise<RunningService> => {
  const clock = deps.clock ?? systemClock;
  const logger = deps.logger ?? createLogger({ service: 'gateway', level: config.LOG_LEVEL });
  const upstreams = openUpstreams(config, deps.upstreams ?? configuredPlaces(config));
  const redis = config.REDIS_URL === undefined ? null : openLimitRedis(config.REDIS_URL, logger);
  const metrics = createMetrics('gateway');
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
    ...(deps.extraRoutes === undefined ? {} : { extraRoutes: deps.extraRoutes }),
  });
  const metricsServer = await startMetricsServer(config, metrics);
  const stop = stopInOrder(logger, [
    // As long as a service may take: a request under way is finished.
    { name: 'server', stop: () => app.close(), timeoutMs: config.UPSTREAM_TIMEOUT_MS + 1_000 },
    { name: 'connections', stop: async () => void (await Promise.all(Object.values(upstreams).map((u) => u.close()))) },
    { name: 'metrics', stop: async () => void (await metricsServer?.close()) },
    { name: 'redis', stop: async () => redis?.disconnect() },
  ]);
  return { name: 'gateway', app, stop };
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

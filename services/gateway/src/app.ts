import type { Server } from 'node:http';
import type { ServiceName } from '@smartserver/contracts';
import {
  answerClientError,
  type Clock,
  createDraining,
  createErrorHandler,
  createMetrics,
  type Logger,
  type Metrics,
  problem,
  type ReadinessChecks,
  refuseOtherMethods,
  registerHealth,
  requestIdFor,
  securityHeaders,
  type TokenVerifier,
  traceparentFor,
} from '@smartserver/service-kit';
import fastify, {
  type FastifyHttpOptions,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  LogController,
} from 'fastify';
import { registerCors } from './cors.ts';
import { operationsOf } from './document.ts';
import type { RateLimits } from './limits/rate-limits.ts';
import { registerOperations } from './operations.ts';
import { registerPages } from './pages/index.ts';
import type { PortalOptions } from './pages/portal.ts';
import type { Upstream } from './upstreams/upstream.ts';

export type GatewayDeps = {
  /** The composed OpenAPI document. */
  document: object;
  upstreams: Partial<Record<ServiceName, Upstream>>;
  verifier: TokenVerifier;
  limits: RateLimits;
  /** Further dependencies, by name. */
  readiness: ReadinessChecks;
  logger: Logger;
  clock: Clock;
  production: boolean;
  allowedOrigins: readonly string[];
  trustedProxies: readonly string[];
  portal: PortalOptions;
  /** Milliseconds that a service may be silent. */
  upstreamTimeoutMs: number;
  metrics?: Metrics;
  /** Pages of a development system. */
  extraRoutes?: (app: FastifyInstance) => void;
};

const BODY_LIMIT_BYTES = 256 * 1_024;
/** Request line and headers together: enough for a token that lists a partner's many accounts. */
const HEADER_LIMIT_BYTES = 16 * 1_024;

const ABSOLUTE_FORM = /^https?:\/\/[^/?#]*/i;

/** A proxy may write the whole address into the request line (RFC 9112, 3.2.2): the services get the path of it. */
const originForm = (url: string): string => {
  if (url.startsWith('/')) return url;
  const path = url.replace(ABSOLUTE_FORM, '');
  return path.startsWith('/') ? path : `/${path}`;
};

const serverOptions = (deps: GatewayDeps): FastifyHttpOptions<Server> => ({
  loggerInstance: deps.logger,
  childLoggerFactory: (logger) => logger,
  logController: new LogController({ disableRequestLogging: true }),
  bodyLimit: BODY_LIMIT_BYTES,
  http: { maxHeaderSize: HEADER_LIMIT_BYTES, headersTimeout: 10_000, connectionsCheckingInterval: 5_000 },
  requestTimeout: 30_000,
  // Longer than load balancers keep an idle connection (60 s, most of them).
  keepAliveTimeout: 65_000,
  // Who takes nothing of its answer for so long gives its place, and its connection to the service, to others.
  connectionTimeout: deps.upstreamTimeoutMs + 15_000,
  requestIdHeader: false,
  genReqId: (request) => requestIdFor(request.headers['x-request-id']),
  routerOptions: { maxParamLength: 500 },
  exposeHeadRoutes: true,
  trustProxy: deps.trustedProxies.length > 0 ? [...deps.trustedProxies] : false,
  return503OnClosing: false,
  rewriteUrl: (request) => originForm(request.url ?? '/'),
  clientErrorHandler: answerClientError,
});

/** The whole HTTP side of the gateway, ready to listen or to be injected into. No I/O. */
export const buildGateway = async (deps: GatewayDeps): Promise<FastifyInstance> => {
  const { document, logger } = deps;
  const metrics = deps.metrics ?? createMetrics('gateway');
  const headers = await ownHeaders(deps.production);
  const setOwnHeaders = (request: FastifyRequest, reply: FastifyReply): void => {
    reply.headers(headers).header('x-request-id', request.id);
    reply.header('traceparent', traceparentFor(request.headers.traceparent));
  };
  const renderError = createErrorHandler(logger);
  const handleError = (error: unknown, request: FastifyRequest, reply: FastifyReply): void => {
    setOwnHeaders(request, reply);
    renderError(error, request, reply);
  };

  const app: FastifyInstance = fastify({ ...serverOptions(deps), frameworkErrors: handleError });
  // An expectation nobody knows is no reason to refuse (RFC 9110, 10.1.1); Node would, with an answer that is no problem.
  app.server.on('checkExpectation', (request, response) => app.routing(request, response));
  await deps.verifier.register(app);
  const draining = createDraining(app);
  endConnectionsOnClose(app, draining);
  const methods = new Map<string, Set<string>>();
  app.addHook('onRoute', ({ url, method }) => {
    methods.set(url, new Set([...(methods.get(url) ?? []), ...[method].flat()]));
  });
  // Nothing reads a body here unless it says so: bodies of embedded services are left on the wire.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', (_request, _payload, done) => done(null));
  app.setErrorHandler(handleError);
  app.setNotFoundHandler(() => {
    throw problem('not_found');
  });

  await registerCors(app, deps.allowedOrigins);
  app.addHook('onRequest', async (request, reply) => {
    if (draining.active) reply.header('connection', 'close');
    if (!request.routeOptions.config.unlimited) await deps.limits.address(request.ip, reply);
  });
  app.addHook('onResponse', (request, reply, done) => {
    const operation = request.routeOptions.config.gatewayOperation;
    metrics.observe(operation?.operationId ?? 'other', reply.statusCode, reply.elapsedTime / 1_000);
    done();
  });

  await registerOperations(app, { ...deps, operations: operationsOf(document) });
  await app.register(async (own) => {
    own.addHook('onRequest', async (request, reply) => setOwnHeaders(request, reply));
    await registerPages(own, document, deps.portal);
    deps.extraRoutes?.(own);
    await own.register(async (health) => {
      health.addHook('onRoute', (route) => {
        route.config = { ...route.config, unlimited: true };
      });
      registerHealth(health, { readiness: readinessOf(deps), draining, logger });
    });
  });
  refuseOtherMethods(app, methods);
  await app.ready();
  return app;
};

/** Node closes the connections that are idle at close; one that becomes idle later would be waited for for a minute. */
const endConnectionsOnClose = (app: FastifyInstance, draining: { start(): void }): void => {
  app.addHook('preClose', async () => {
    draining.start();
    const timer = setInterval(() => app.server.closeIdleConnections(), 50);
    app.server.once('close', () => clearInterval(timer));
  });
};

const readinessOf = ({ upstreams, readiness, clock }: GatewayDeps): ReadinessChecks => {
  const checks = Object.entries(upstreams).map(([name, upstream]) => [name, () => upstream.check()] as const);
  const all = [...checks, ...Object.entries(readiness)];
  return Object.fromEntries(all.map(([name, check]) => [name, sharedCheck(check, clock)]));
};

const FRESH_MS = 1_000;

/** `/readyz` is public: however often it is asked, a dependency is asked once a second at most. */
const sharedCheck = (check: () => Promise<void>, clock: Clock): (() => Promise<void>) => {
  let latest: { startedAt: number; result: Promise<void> } | null = null;
  return () => {
    const now = clock.now().getTime();
    if (latest === null || now - latest.startedAt >= FRESH_MS) latest = { startedAt: now, result: check() };
    return latest.result;
  };
};

/** Headers of what the gateway answers itself; a page has a wider content policy of its own. */
const ownHeaders = async (production: boolean): Promise<Record<string, string>> => {
  const { 'strict-transport-security': hsts, ...headers } = await securityHeaders();
  return {
    ...headers,
    'cache-control': 'no-store',
    // Elsewhere it would bar a developer's browser from plain http on that host for a year.
    ...(production && hsts !== undefined ? { 'strict-transport-security': hsts } : {}),
  };
};

import type { Server } from 'node:http';
import fastify, {
  type FastifyHttpOptions,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  LogController,
} from 'fastify';
import type { Clock } from '../clock.ts';
import type { Logger } from '../logger.ts';
import { registerJsonParser } from './body-parser.ts';
import { answerClientError } from './client-error.ts';
import { createErrorHandler } from './errors.ts';
import { createDraining, type Draining, type ReadinessChecks, registerHealth } from './health.ts';
import { createMetrics, type Metrics } from './metrics.ts';
import { problem } from './problems.ts';
import { type RoutesOptions, registerRoutes } from './routes.ts';
import { securityHeaders } from './security-headers.ts';
import { requestIdFor, traceparentFor } from './tracing.ts';
import { validatorCompiler } from './validation.ts';

export type ServerOptions = RoutesOptions & {
  /** Name of the service. */
  service: string;
  logger: Logger;
  clock: Clock;
  readiness: ReadinessChecks;
  /** Proxies whose `X-Forwarded-*` headers are trusted: addresses or networks. None by default. */
  trustedProxy?: FastifyHttpOptions<Server>['trustProxy'];
  /** Further plugins of the service (cookies, forms), registered before its operations. */
  plugins?: (app: FastifyInstance) => void | Promise<void>;
  metrics?: Metrics;
};

const BODY_LIMIT_BYTES = 256 * 1_024;

const serverOptions = (options: ServerOptions): FastifyHttpOptions<Server> => ({
  loggerInstance: options.logger,
  // No child logger per request, which hardly any request would use: log entries carry the request id instead.
  childLoggerFactory: (logger) => logger,
  logController: new LogController({ disableRequestLogging: true }),
  bodyLimit: BODY_LIMIT_BYTES,
  requestTimeout: 30_000,
  // Longer than the gateway keeps an idle connection, or it would send on one that is just being closed.
  keepAliveTimeout: 75_000,
  http: { headersTimeout: 20_000 },
  requestIdHeader: false,
  genReqId: (request) => requestIdFor(request.headers['x-request-id']),
  routerOptions: { maxParamLength: 500 },
  trustProxy: options.trustedProxy ?? false,
  // Requests already under way on a kept connection are answered; `Connection: close` makes clients open the next one elsewhere.
  return503OnClosing: false,
  clientErrorHandler: answerClientError,
});

/** The whole HTTP side of a service, ready to listen or to be injected into. No I/O. */
export const buildServer = async (options: ServerOptions): Promise<FastifyInstance> => {
  const handleError = createErrorHandler(options.logger);
  const metrics = options.metrics ?? createMetrics(options.service);
  const headers = await securityHeaders();
  const begin = (request: FastifyRequest, reply: FastifyReply): void => {
    const traceparent = traceparentFor(request.headers.traceparent);
    request.kit = { reply, operation: null, actor: null, traceparent, status: null };
    reply.headers(headers);
    reply.header('x-request-id', request.id).header('traceparent', traceparent).header('cache-control', 'no-store');
  };
  const app: FastifyInstance = fastify({
    ...serverOptions(options),
    // A URL that cannot be parsed: no hook has run yet.
    frameworkErrors: (error, request, reply) => {
      begin(request, reply);
      handleError(error, request, reply);
    },
  });
  app.decorateRequest('kit', null);
  await options.verifier.register(app);
  const draining = createDraining(app);
  registerJsonParser(app);
  app.setValidatorCompiler(validatorCompiler());
  app.setErrorHandler(handleError);
  app.setNotFoundHandler(() => {
    throw problem('not_found');
  });
  registerHooks(app, { begin, draining, metrics, logger: options.logger });
  await options.plugins?.(app);
  registerHealth(app, { readiness: options.readiness, metrics, draining, logger: options.logger });
  await registerRoutes(app, options);
  await app.ready();
  return app;
};

type Hooks = {
  begin: (request: FastifyRequest, reply: FastifyReply) => void;
  draining: Draining;
  metrics: Metrics;
  logger: Logger;
};

const registerHooks = (app: FastifyInstance, { begin, draining, metrics, logger }: Hooks): void => {
  app.addHook('onRequest', (request, reply, done) => {
    begin(request, reply);
    if (draining.active) reply.header('connection', 'close');
    // Before the body is read: an unknown path is 404 whatever the body holds.
    if (request.is404) done(problem('not_found'));
    else done();
  });
  app.addHook('onResponse', (request, reply, done) => {
    const operation = request.kit?.operation?.operationId ?? 'other';
    metrics.observe(operation, reply.statusCode, reply.elapsedTime / 1_000);
    if (logger.isLevelEnabled('debug')) {
      const ms = Math.round(reply.elapsedTime * 10) / 10;
      logger.debug({ requestId: request.id, operation, status: reply.statusCode, ms }, 'answered');
    }
    done();
  });
};

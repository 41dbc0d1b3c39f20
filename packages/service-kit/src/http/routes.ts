import type { FastifyInstance, FastifyReply, FastifyRequest, RouteHandlerMethod, RouteOptions } from 'fastify';
import openapiGlue from 'fastify-openapi-glue';
import { authorize } from './authorization.ts';
import { checkInput } from './body-parser.ts';
import type { ArgumentSource, Operation } from './operation.ts';
import { problem } from './problems.ts';
import { enforceableSchema, runtimeDocument } from './route-schema.ts';
import { stateOf } from './state.ts';
import type { TokenVerifier } from './token-verifier.ts';

export type RoutesOptions = {
  /** OpenAPI document of the service. */
  spec: object;
  operations: readonly Operation[];
  /** Instances of the routes' classes by the names of these. */
  routes: Readonly<Record<string, object>>;
  verifier: TokenVerifier;
};

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Absent for routes that are not operations. */
    operation?: Operation;
  }
}

/** Registers every operation of the document with its input checks and answers, and answers 405 to other methods on its path. */
export const registerRoutes = async (app: FastifyInstance, options: RoutesOptions): Promise<void> => {
  const byId = new Map(options.operations.map((operation) => [operation.operationId, operation]));
  const methods = new Map<string, Set<string>>();

  app.addHook('onRoute', (route: RouteOptions) => {
    for (const method of [route.method].flat())
      methods.set(route.url, (methods.get(route.url) ?? new Set()).add(method));
    // Fastify adds HEAD to a GET with the same schema object, which is done already.
    if (route.config?.operation === undefined || route.method === 'HEAD') return;
    route.preValidation = checkInput(enforceableSchema(route));
  });

  await app.register(openapiGlue, {
    specification: runtimeDocument(options.spec),
    operationResolver: (operationId: string) => {
      const operation = byId.get(operationId);
      if (operation === undefined) throw new Error(`${operationId} is in the document, but not among the operations`);
      return {
        handler: handlerOf(operation, options.routes),
        onRequest: authorize(operation, options.verifier),
        config: { operation },
      } as unknown as RouteOptions;
    },
  });
  refuseOtherMethods(app, methods);
};

const read: Record<ArgumentSource, (name: string) => (request: FastifyRequest) => unknown> = {
  path: (name) => (request) => (request.params as Record<string, unknown>)[name],
  query: (name) => (request) => (request.query as Record<string, unknown>)[name],
  header: (name) => {
    const lower = name.toLowerCase();
    return (request) => request.headers[lower];
  },
  body: () => (request) => request.body,
  request: () => (request) => request,
};

const handlerOf = (operation: Operation, instances: Readonly<Record<string, object>>): RouteHandlerMethod => {
  const routes = instances[operation.routes];
  const method: unknown = (routes as Record<string, unknown> | undefined)?.[operation.operationId];
  if (routes === undefined || typeof method !== 'function') {
    throw new Error(`${operation.operationId} needs a method of ${operation.routes}`);
  }
  const sources = operation.arguments.map((argument) => read[argument.in](argument.name));
  return async (request: FastifyRequest, reply: FastifyReply) => {
    const result: unknown = await method.apply(
      routes,
      sources.map((source) => source(request)),
    );
    reply.code(stateOf(request).status ?? operation.successStatus);
    return reply.send(result);
  };
};

const KNOWN_METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];

/** 405 with `Allow`, not 404: the path exists (RFC 9110, 15.5.6). */
export const refuseOtherMethods = (app: FastifyInstance, methods: ReadonlyMap<string, ReadonlySet<string>>): void => {
  for (const [url, allowed] of [...methods]) {
    const others = KNOWN_METHODS.filter((method) => !allowed.has(method));
    const allow = KNOWN_METHODS.filter((method) => allowed.has(method)).join(', ');
    // Before the body is read, or a bad one would be reported first.
    const refuse = async (): Promise<void> => {
      throw problem('method_not_allowed', { headers: { allow } });
    };
    app.route({ method: others, url, onRequest: refuse, handler: refuse });
  }
};

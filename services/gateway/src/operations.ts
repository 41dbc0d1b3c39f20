import type { ServiceName } from '@smartserver/contracts';
import { actorOf, type TokenVerifier } from '@smartserver/service-kit';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { GatewayOperation } from './document.ts';
import type { RateLimits } from './limits/rate-limits.ts';
import type { Upstream } from './upstreams/upstream.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Absent for what the gateway answers itself. */
    gatewayOperation?: GatewayOperation;
    /** Not counted: who watches over the gateway must get an answer however busy its address is. */
    unlimited?: boolean;
  }
}

type OperationsDeps = {
  operations: readonly GatewayOperation[];
  upstreams: Partial<Record<ServiceName, Upstream>>;
  verifier: TokenVerifier;
  limits: RateLimits;
};

/** Before the body is read: a stranger's costs nothing. The service checks the token again. */
const guard = (operation: GatewayOperation, { verifier, limits }: OperationsDeps) => {
  const { scopes, signIn } = operation;
  return async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    if (signIn) await limits.signIn(request.ip, reply);
    if (scopes === null) return;
    const actor = await actorOf(request, scopes, verifier);
    await limits.credential(actor, reply);
  };
};

/**
 * Routes exactly the operations of the document, each to its service.
 * @throws Error for an operation whose service is not there
 */
export const registerOperations = async (app: FastifyInstance, deps: OperationsDeps): Promise<void> => {
  for (const service of new Set(deps.operations.map((operation) => operation.service))) {
    const upstream = deps.upstreams[service];
    if (upstream === undefined) throw new Error(`the document has operations of ${service}, which is not there`);
    await app.register(async (scope) => {
      if (upstream.body === 'whole') readWhole(scope);
      for (const operation of deps.operations.filter((each) => each.service === service)) {
        scope.route({
          method: operation.method,
          url: operation.path,
          config: { gatewayOperation: operation },
          onRequest: guard(operation, deps),
          handler: (request, reply) => upstream.forward(request, reply),
        });
      }
    });
  }
};

/**
 * A body is taken in whole, as bytes, before a connection to the service is used for it: one who sends it slowly holds up
 * nobody else, and what the service gets is framed anew.
 */
const readWhole = (scope: FastifyInstance): void => {
  scope.removeAllContentTypeParsers();
  scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
};

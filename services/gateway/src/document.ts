import type { ServiceName } from '@smartserver/contracts';

/** One operation of the composed OpenAPI document, as the gateway routes it. */
export type GatewayOperation = {
  operationId: string;
  /** Upper case. */
  method: string;
  /** As the router writes it: `/v1/customers/:customerId`. */
  path: string;
  /** Who answers it. */
  service: ServiceName;
  /** What the token must allow; empty: any signed-in actor; null: public. */
  scopes: readonly string[] | null;
  /** Changes something without a token: the credentials are in the request, where they could be guessed. */
  signIn: boolean;
};

const SERVICES: Readonly<Record<ServiceName, true>> = {
  account: true,
  license: true,
  activation: true,
  notification: true,
};

const METHODS = new Set(['get', 'put', 'post', 'patch', 'delete']);

type DocumentedOperation = {
  operationId?: unknown;
  security?: Record<string, string[]>[];
  'x-service'?: unknown;
};

type ComposedDocument = { paths?: Record<string, Record<string, DocumentedOperation>> };

const isServiceName = (value: unknown): value is ServiceName =>
  typeof value === 'string' && Object.hasOwn(SERVICES, value);

const routerPath = (path: string): string => path.replaceAll(/\{([^}]+)\}/g, ':$1');

/** @throws Error for alternatives, which would let a token pass here that the service refuses, or the other way round */
const scopesOf = (security: DocumentedOperation['security'], name: string): readonly string[] | null => {
  const [first, ...others] = security ?? [];
  if (first === undefined) return null;
  if (others.length > 0) throw new Error(`${name} has alternatives in its security`);
  return Object.values(first).flat();
};

/**
 * The operations of the composed document. Whatever cannot be routed stops the start: an operation that is only half known
 * would be a hole.
 * @throws Error naming the operation
 */
export const operationsOf = (document: object): GatewayOperation[] =>
  Object.entries((document as ComposedDocument).paths ?? {}).flatMap(([path, methods]) =>
    Object.entries(methods)
      .filter(([method]) => METHODS.has(method))
      .map(([method, documented]) => {
        const name = `${method.toUpperCase()} ${path}`;
        const { operationId, 'x-service': service } = documented;
        if (typeof operationId !== 'string') throw new Error(`${name} has no operationId`);
        if (!isServiceName(service)) throw new Error(`${name} names no service that there is`);
        const scopes = scopesOf(documented.security, name);
        return {
          operationId,
          method: method.toUpperCase(),
          path: routerPath(path),
          service,
          scopes,
          signIn: scopes === null && method !== 'get',
        };
      }),
  );

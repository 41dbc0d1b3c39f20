/** Where an argument of a route's method comes from. `request` is the Fastify request itself. */
export type ArgumentSource = 'path' | 'query' | 'header' | 'body' | 'request';

/** One operation of a service, as the generator lists it in `src/generated/operations.ts`. */
export type Operation = {
  /** Also the name of the routes' method. */
  operationId: string;
  /** Name of the routes' class: the key under which `buildServer` is given its instance. */
  routes: string;
  /** Upper case. */
  httpMethod: string;
  /** As in OpenAPI: `/v1/customers/{customerId}`. */
  path: string;
  /** In the order of the method's parameters. */
  arguments: readonly { in: ArgumentSource; name: string }[];
  /** Status of an answer for which `setStatus` was not called. */
  successStatus: number;
  /** What the token must allow; empty: any signed-in actor; null: public, no token is read. */
  scopes: readonly string[] | null;
};

import { types } from 'node:util';

/** Like `instanceof Error`, and also true of an error that Node itself made in another realm, as under Jest. */
export const isError = (value: unknown): value is Error & { code?: unknown } =>
  // Fastify's own errors inherit from Error without being native ones.
  value instanceof Error || types.isNativeError(value);

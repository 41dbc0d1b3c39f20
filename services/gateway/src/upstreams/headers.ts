import type { IncomingHttpHeaders } from 'node:http';
import { traceparentFor } from '@smartserver/service-kit';
import type { FastifyRequest } from 'fastify';

/** Belong to one connection, not to the message (RFC 9110, 7.6.1). */
const HOP_BY_HOP = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/** What only the gateway may say to a service, and what is done with where the request arrives. */
const OURS = new Set([
  'content-length',
  'expect',
  'forwarded',
  'host',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-port',
  'x-forwarded-prefix',
  'x-forwarded-proto',
  'x-forwarded-server',
  'x-real-ip',
  'x-request-id',
  'traceparent',
]);

const NONE: ReadonlySet<string> = new Set();

/** Headers that `Connection` declares to be of this connection too. */
const nominated = (connection: string | undefined): ReadonlySet<string> => {
  if (connection === undefined || connection === 'keep-alive' || connection === 'close') return NONE;
  return new Set(connection.split(',').map((name) => name.trim().toLowerCase()));
};

/** The request's headers as a service gets them: without those of the connection, with the caller's true address. */
export const requestHeaders = (request: FastifyRequest): IncomingHttpHeaders => {
  const incoming = request.raw.headers;
  const dropped = nominated(incoming.connection);
  const headers: IncomingHttpHeaders = {};
  for (const name in incoming) {
    if (HOP_BY_HOP.has(name) || OURS.has(name) || dropped.has(name)) continue;
    headers[name] = incoming[name];
  }
  headers['x-forwarded-for'] = request.ip;
  headers['x-forwarded-proto'] = request.protocol;
  if (incoming.host !== undefined) headers['x-forwarded-host'] = request.host;
  headers['x-request-id'] = request.id;
  headers.traceparent = traceparentFor(incoming.traceparent);
  return headers;
};

/**
 * The headers of an answer as the caller gets them.
 * @param own what the gateway says, where the service does not
 */
export const responseHeaders = (
  incoming: IncomingHttpHeaders,
  own: ReturnType<import('fastify').FastifyReply['getHeaders']>,
): Record<string, string | string[] | number> => {
  const dropped = nominated(incoming.connection);
  const headers: Record<string, string | string[] | number> = {};
  for (const name in own) {
    const value = own[name];
    if (value !== undefined) headers[name] = value;
  }
  for (const name in incoming) {
    const value = incoming[name];
    if (value === undefined || HOP_BY_HOP.has(name) || dropped.has(name)) continue;
    headers[name] = value;
  }
  return headers;
};

import type { IncomingHttpHeaders } from 'node:http';
import type { ServiceName } from '@smartserver/contracts';
import { problem } from '@smartserver/service-kit';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { type Dispatcher, Pool } from 'undici';
import { requestHeaders } from './headers.ts';
import { Relay } from './relay.ts';
import type { Upstream } from './upstream.ts';

export type HttpUpstreamOptions = {
  service: ServiceName;
  url: string;
  /** Connections kept to the service. */
  connections: number;
  /** Milliseconds that the service may be silent before or within an answer. */
  timeoutMs: number;
};

const CONNECT_TIMEOUT_MS = 2_000;
/** Shorter than the services keep an idle connection (75 s), or a request could meet one that is just being closed. */
const KEEP_ALIVE_MS = 30_000;
/** Requests that may wait for a connection. More would only be answered after their callers have given up. */
const MAX_WAITING = 2_000;

const RESET_CODES = new Set(['UND_ERR_SOCKET', 'ECONNRESET', 'EPIPE']);

const isReset = (error: Error): boolean => 'code' in error && RESET_CODES.has(String(error.code));

/** A request whose second arrival has no second effect: by its method, or by contract [api.md, Idempotency-Key]. */
const isRepeatable = (method: string, headers: IncomingHttpHeaders): boolean =>
  method === 'GET' || method === 'HEAD' || headers['idempotency-key'] !== undefined;

const unavailable = (service: ServiceName, cause?: unknown) =>
  problem('unavailable', { log: `${service} gave no answer`, cause, headers: { 'retry-after': '1' } });

/** A service in a process of its own. Nothing is sent over its connections before the whole request is here. */
export const httpUpstream = ({ service, url, connections, timeoutMs }: HttpUpstreamOptions): Upstream => {
  const pool = new Pool(new URL(url).origin, {
    connections,
    pipelining: 1,
    connect: { timeout: CONNECT_TIMEOUT_MS },
    keepAliveTimeout: KEEP_ALIVE_MS,
    keepAliveMaxTimeout: KEEP_ALIVE_MS,
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
  });
  let underway = 0;

  const forward = (request: FastifyRequest, reply: FastifyReply): void => {
    if (underway >= connections + MAX_WAITING) throw unavailable(service, new Error('too many requests wait for it'));
    underway += 1;
    const headers = requestHeaders(request);
    const body = request.body instanceof Buffer && request.body.length > 0 ? request.body : null;
    const options: Dispatcher.DispatchOptions = {
      path: request.raw.url ?? '/',
      method: request.method as Dispatcher.HttpMethod,
      headers,
      body,
    };
    let repeated = false;
    const ended = (): void => {
      underway -= 1;
    };
    const failed = (error: Error): void => {
      if (!repeated && isReset(error) && isRepeatable(request.method, headers)) {
        repeated = true;
        pool.dispatch(options, relay);
        return;
      }
      ended();
      reply.send(unavailable(service, error));
    };
    const relay = new Relay(reply, { failed, ended });
    pool.dispatch(options, relay);
  };

  return {
    body: 'whole',
    forward,
    check: async () => {
      const answer = await pool.request({ path: '/readyz', method: 'GET', headersTimeout: CONNECT_TIMEOUT_MS });
      await answer.body.dump();
      if (answer.statusCode !== 200) throw new Error(`${service} says it is not ready`);
    },
    close: () => pool.close(),
  };
};

import type { ServiceName } from '@smartserver/contracts';
import type { FastifyInstance } from 'fastify';
import { requestHeaders } from './headers.ts';
import type { Upstream } from './upstream.ts';

/**
 * A service in the same process: it takes the request and the response as Node made them, with no hop between. Its headers are
 * cleaned as on the way to another process; only what frames the body on the wire stays.
 */
export const embeddedUpstream = (service: ServiceName, app: FastifyInstance): Upstream => ({
  body: 'untouched',
  forward(request, reply) {
    const { raw } = request;
    const { host, 'content-length': contentLength, 'transfer-encoding': transferEncoding } = raw.headers;
    const headers = requestHeaders(request);
    if (host !== undefined) headers.host = host;
    if (contentLength !== undefined) headers['content-length'] = contentLength;
    if (transferEncoding !== undefined) headers['transfer-encoding'] = transferEncoding;
    raw.headers = headers;
    const own = reply.getHeaders();
    for (const name in own) {
      const value = own[name];
      if (value !== undefined) reply.raw.setHeader(name, value);
    }
    reply.hijack();
    app.routing(raw, reply.raw);
  },
  async check() {
    const { statusCode } = await app.inject('/readyz');
    if (statusCode !== 200) throw new Error(`${service} says it is not ready`);
  },
  // It is stopped where it was started.
  close: async () => {},
});

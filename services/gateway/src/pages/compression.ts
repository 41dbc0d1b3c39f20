import { buffer } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { brotliCompress, gzip, constants as zlib } from 'node:zlib';
import { negotiate } from '@fastify/accept-negotiator';
import type { FastifyInstance } from 'fastify';

type Encoding = 'br' | 'gzip';
export type Compress = (encoding: Encoding, content: Buffer) => Promise<Buffer>;

const ENCODINGS: Encoding[] = ['br', 'gzip'];
const COMPRESSIBLE = /^(?:text|application)\/(?:html|css|javascript|json)|^image\/svg/;
const LEAST_BYTES = 1_024;
/** Versions in either form; some twenty files and pages are served. */
const MOST_KEPT = 100;

/** The highest quality takes a second for a large script, and gains 3 %. */
const BROTLI = { params: { [zlib.BROTLI_PARAM_QUALITY]: 9 } };

const compressWithZlib: Compress = (encoding, content) =>
  encoding === 'br' ? promisify(brotliCompress)(content, BROTLI) : promisify(gzip)(content, { level: 9 });

/**
 * Compresses what has an ETag as the browser likes it, each version once.
 *
 * Not by `@fastify/compress`, which does it for every request: measured, 22 ms of CPU for Swagger UI's bundle. One address within its
 * limit of requests could keep two cores busy by that.
 */
export const registerCompression = (app: FastifyInstance, compress: Compress = compressWithZlib): void => {
  const kept = new Map<string, Promise<Buffer>>();

  const compressed = (key: string, encoding: Encoding, content: () => Promise<Buffer>): Promise<Buffer> => {
    const known = kept.get(key);
    if (known !== undefined) return known;
    const result = content().then((plain) => compress(encoding, plain));
    result.catch(() => kept.delete(key));
    if (kept.size >= MOST_KEPT) kept.clear();
    kept.set(key, result);
    return result;
  };

  app.addHook('onSend', async (request, reply, payload: unknown) => {
    const { etag, 'content-type': type, 'content-length': length } = reply.getHeaders();
    const bytes = Number(length ?? (typeof payload === 'string' ? Buffer.byteLength(payload) : 0));
    const isWorthIt = reply.statusCode === 200 && request.method === 'GET' && bytes >= LEAST_BYTES;
    const encoding = negotiate(request.headers['accept-encoding'] ?? '', ENCODINGS) as Encoding | null;
    if (!isWorthIt || encoding === null || etag === undefined || !COMPRESSIBLE.test(String(type))) return payload;
    const stream = typeof payload === 'string' || Buffer.isBuffer(payload) ? null : (payload as NodeJS.ReadableStream);
    const key = `${encoding} ${request.url.split('?', 1)[0]} ${etag}`;
    const isKnown = kept.has(key);
    const content = await compressed(key, encoding, () =>
      stream === null ? Promise.resolve(Buffer.from(payload as string)) : buffer(stream),
    );
    // A file that was opened and need not be read.
    if (isKnown && stream !== null && 'destroy' in stream && typeof stream.destroy === 'function') stream.destroy();
    reply.headers({ 'content-encoding': encoding, 'content-length': content.length });
    return content;
  });
};

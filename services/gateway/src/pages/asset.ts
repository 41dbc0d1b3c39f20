import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { FastifyInstance } from 'fastify';

/** Something the gateway serves itself, the same for everybody. Read when it is first asked for. */
export type Asset = {
  url: string;
  type: string;
  load: () => Promise<Buffer> | Buffer;
  headers?: Record<string, string>;
};

type Prepared = { plain: Buffer; zipped: Buffer; etag: string };

const compress = promisify(gzip);

const prepare = async ({ load }: Asset): Promise<Prepared> => {
  const plain = await load();
  const etag = `"${createHash('sha256').update(plain).digest('base64url').slice(0, 22)}"`;
  return { plain, zipped: await compress(plain, { level: 9 }), etag };
};

/** Compressed once; a browser that has it already is told so. */
export const serveAsset = (app: FastifyInstance, asset: Asset): void => {
  let prepared: Promise<Prepared> | null = null;
  app.get(asset.url, async (request, reply) => {
    prepared ??= prepare(asset);
    const { plain, zipped, etag } = await prepared.catch((error: unknown) => {
      prepared = null;
      throw error;
    });
    reply.headers({ 'cache-control': 'no-cache', vary: 'accept-encoding', etag, ...asset.headers });
    if (request.headers['if-none-match'] === etag) return reply.code(304).send();
    reply.type(asset.type);
    if (!/\bgzip\b/.test(String(request.headers['accept-encoding'] ?? ''))) return reply.send(plain);
    return reply.header('content-encoding', 'gzip').send(zipped);
  });
};

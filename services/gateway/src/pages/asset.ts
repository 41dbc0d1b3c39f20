import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { brotliCompress, gzip, constants as zlib } from 'node:zlib';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

/** Something the gateway serves itself, the same for everybody. Read when it is first asked for. */
export type Asset = {
  url: string;
  type: string;
  load: () => Promise<Buffer> | Buffer;
  headers?: Record<string, string>;
};

/** Content in every form that a browser may take it. */
export type Prepared = { plain: Buffer; gzip: Buffer; br: Buffer; etag: string };

const toGzip = promisify(gzip);
const toBrotli = promisify(brotliCompress);

/** The highest quality takes a second for a large script, and gains 3 %. */
const BROTLI = { params: { [zlib.BROTLI_PARAM_QUALITY]: 9 } };

export const prepare = async (plain: Buffer): Promise<Prepared> => {
  const etag = `"${createHash('sha256').update(plain).digest('base64url').slice(0, 22)}"`;
  const [zipped, br] = await Promise.all([toGzip(plain, { level: 9 }), toBrotli(plain, BROTLI)]);
  return { plain, gzip: zipped, br, etag };
};

/** Compressed as the browser likes it; one that has it already is told so. */
export const sendPrepared = (
  request: FastifyRequest,
  reply: FastifyReply,
  prepared: Prepared,
  asset: Pick<Asset, 'type' | 'headers'>,
): FastifyReply => {
  const { etag } = prepared;
  reply.headers({ 'cache-control': 'no-cache', vary: 'accept-encoding', etag, ...asset.headers });
  if (request.headers['if-none-match'] === etag) return reply.code(304).send();
  reply.type(asset.type);
  const accepted = String(request.headers['accept-encoding'] ?? '');
  if (/\bbr\b/.test(accepted)) return reply.header('content-encoding', 'br').send(prepared.br);
  if (/\bgzip\b/.test(accepted)) return reply.header('content-encoding', 'gzip').send(prepared.gzip);
  return reply.send(prepared.plain);
};

/** Read and compressed once. */
export const serveAsset = (app: FastifyInstance, asset: Asset): void => {
  let prepared: Promise<Prepared> | null = null;
  app.get(asset.url, async (request, reply) => {
    prepared ??= (async () => prepare(await asset.load()))();
    const content = await prepared.catch((error: unknown) => {
      prepared = null;
      throw error;
    });
    return sendPrepared(request, reply, content, asset);
  });
};

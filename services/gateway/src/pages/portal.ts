import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { problem } from '@smartserver/service-kit';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { type Prepared, prepare, sendPrepared, serveAsset } from './asset.ts';
import { pageAsset } from './layout.ts';

export type PortalOptions = {
  /** Where `services/portal` was built to. It may be missing: the API works without it. */
  directory: string;
  /** Whom a customer asks, as people read it. */
  customerSuccessContact: string;
};

/** Files of ours and nothing else: no inline script or style, no other host, no frame, no form that goes anywhere. */
const PORTAL_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join('; ');

const TYPES: Readonly<Record<string, string>> = {
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  svg: 'image/svg+xml',
  png: 'image/png',
  woff2: 'font/woff2',
};

/** Their names change with their content. */
const HASHED = /^assets\/[\w-]+(?:\.[\w-]+)*\.([a-z0-9]+)$/;
const PLAIN_FILE = /^[\w-]+\.([a-z0-9]+)$/;
const FOREVER = 'public, max-age=31536000, immutable';

const notBuilt = pageAsset({
  url: '/portal/',
  title: 'The portal is not here yet',
  body: `
      <h1>The portal is not here yet</h1>
      <p class="lead">The License Customer Portal has not been built on this installation, or its build has failed.
      The API works all the same.</p>
      <p>For operators: <code>npm start</code> builds it, as does <code>npm run build</code> in <code>services/portal</code>.</p>`,
});

const isMissing = (error: unknown): boolean =>
  typeof error === 'object' && error !== null && 'code' in error && error.code === 'ENOENT';

/** Files below a folder, each read and compressed once per version of it. */
const fileCache = (directory: string) => {
  const kept = new Map<string, { version: number; content: Promise<Prepared> }>();
  /** @param name checked by the caller: nothing that leads out of the folder. @returns null if there is no such file */
  return async (name: string): Promise<Prepared | null> => {
    const path = join(directory, name);
    try {
      const version = (await stat(path)).mtimeMs;
      const known = kept.get(name);
      if (known?.version === version) return await known.content;
      const content = readFile(path).then(prepare);
      kept.set(name, { version, content });
      return await content;
    } catch (error) {
      kept.delete(name);
      if (isMissing(error)) return null;
      throw error;
    }
  };
};

/** The License Customer Portal below `/portal/`. Every address there that is no file is a page of it, which its script knows. */
export const registerPortal = (app: FastifyInstance, { directory, customerSuccessContact }: PortalOptions): void => {
  const file = fileCache(directory);

  const sendFile = async (request: FastifyRequest, reply: FastifyReply, name: string, headers = {}) => {
    const content = await file(name);
    const type = TYPES[name.split('.').at(-1) ?? ''];
    if (content === null || type === undefined) throw problem('not_found');
    return sendPrepared(request, reply, content, { type, headers });
  };

  const sendPage = async (request: FastifyRequest, reply: FastifyReply) => {
    const index = await file('index.html');
    if (index === null) {
      const headers = { ...notBuilt.headers, 'cache-control': 'no-store', 'retry-after': '60' };
      return reply
        .code(503)
        .headers(headers)
        .type(notBuilt.type)
        .send(await notBuilt.load());
    }
    const headers = { 'content-security-policy': PORTAL_POLICY };
    return sendPrepared(request, reply, index, { type: 'text/html; charset=utf-8', headers });
  };

  app.get('/portal', (_request, reply) => reply.redirect('/portal/', 308));
  serveAsset(app, {
    url: '/portal/config.json',
    type: 'application/json; charset=utf-8',
    load: () => Buffer.from(JSON.stringify({ customerSuccessContact })),
  });
  app.get<{ Params: { '*': string } }>('/portal/*', (request, reply) => {
    const path = request.params['*'];
    if (HASHED.test(path)) return sendFile(request, reply, path, { 'cache-control': FOREVER });
    if (PLAIN_FILE.test(path)) return sendFile(request, reply, path);
    if (path.startsWith('assets/')) throw problem('not_found');
    return sendPage(request, reply);
  });
};

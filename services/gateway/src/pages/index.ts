import etag from '@fastify/etag';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';
import { registerCompression } from './compression.ts';
import { DOCS_FOLDER, docsPage, registerDocs } from './docs.ts';
import { landingPage } from './landing.ts';
import { sendPage } from './layout.ts';
import { type PortalOptions, registerPortal } from './portal.ts';
import { problemPages } from './problems.ts';

/** Everything the gateway shows to people, and the OpenAPI document: compressed as the browser likes it, and 304 for what it has. */
export const registerPages = async (app: FastifyInstance, document: object, portal: PortalOptions): Promise<void> => {
  await app.register(async (pages) => {
    await pages.register(etag);
    registerCompression(pages);
    // Files are sent by name, where a route says so: no folder is open as a whole.
    await pages.register(fastifyStatic, { root: DOCS_FOLDER, serve: false, acceptRanges: false });
    pages.addHook('onRequest', async (_request, reply) => {
      const vary = [reply.getHeader('vary'), 'accept-encoding'].filter((names) => names !== undefined).join(', ');
      reply.headers({ 'cache-control': 'no-cache', vary });
    });
    // The plugins send the length of an empty body, which caches may take for the length of the page (RFC 9110, 8.6).
    pages.addHook('onSend', async (_request, reply, payload) => {
      if (reply.statusCode !== 304) return payload;
      reply.removeHeader('content-length');
      return null;
    });
    for (const page of [landingPage, docsPage, ...problemPages()]) {
      pages.get(page.url, (_request, reply) => sendPage(reply, page));
    }
    const openapi = JSON.stringify(document);
    pages.get('/openapi.json', (_request, reply) => reply.type('application/json; charset=utf-8').send(openapi));
    registerDocs(pages);
    registerPortal(pages, portal);
  });
};

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { problem } from '@smartserver/service-kit';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { type Page, sendPage } from './layout.ts';

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

/** Their names change with their content. */
const HASHED = /^assets\/[\w-]+(?:\.[\w-]+)*\.(?:js|css|svg|png|woff2)$/;
const PLAIN_FILE = /^[\w-]+\.(?:js|css|svg|png)$/;
/** Everything else is a page, which the portal's script knows; but not what looks like a file. */
const FILE_LIKE = /^assets\/|^[^/]*\.\w+$/;
const FOREVER = 'public, max-age=31536000, immutable';

const notBuilt: Page = {
  url: '/portal/',
  title: 'The portal is not here yet',
  body: `
      <h1>The portal is not here yet</h1>
      <p class="lead">The License Customer Portal has not been built on this installation, or its build has failed.
      The API works all the same.</p>
      <p>For operators: <code>npm start</code> builds it, as does <code>npm run build</code> in <code>services/portal</code>.</p>`,
};

/** The License Customer Portal below `/portal/`. Every address there that is no file is a page of it, which its script knows. */
export const registerPortal = (app: FastifyInstance, { directory, customerSuccessContact }: PortalOptions): void => {
  const sendFile = (reply: FastifyReply, name: string): FastifyReply =>
    reply.sendFile(name, directory, { cacheControl: false });

  app.get('/portal', (_request, reply) => reply.redirect('/portal/', 308));
  app.get('/portal/config.json', () => ({ customerSuccessContact }));
  app.get<{ Params: { '*': string } }>('/portal/*', (request, reply) => {
    const path = request.params['*'];
    if (HASHED.test(path)) return sendFile(reply.header('cache-control', FOREVER), path);
    if (PLAIN_FILE.test(path)) return sendFile(reply, path);
    if (FILE_LIKE.test(path)) throw problem('not_found');
    // Looked for each time: it may be built while the gateway runs.
    if (existsSync(join(directory, 'index.html')))
      return sendFile(reply.header('content-security-policy', PORTAL_POLICY), 'index.html');
    return sendPage(reply.code(503).header('cache-control', 'no-store').header('retry-after', '60'), notBuilt);
  });
};

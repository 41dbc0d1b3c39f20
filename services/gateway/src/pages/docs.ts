import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import type { Page } from './layout.ts';

const require = createRequire(import.meta.url);
const swagger = dirname(require.resolve('swagger-ui-dist/package.json'));

/** Style sheets and scripts of the gateway's own pages. */
export const DOCS_FOLDER = join(import.meta.dirname, '../../public');

export const docsPage: Page = {
  url: '/docs',
  title: 'API reference · SmartServer License Management',
  head: `<link rel="stylesheet" href="/docs/swagger-ui.css">
    <link rel="stylesheet" href="/docs/reference.css">
    <script src="/docs/swagger-ui-bundle.js" defer></script>
    <script src="/docs/reference.js" defer></script>`,
  body: `      <div id="reference"><p>The reference is loading. It needs JavaScript; <a href="/openapi.json">the OpenAPI document</a> does not.</p></div>`,
};

/** Each by its address; Swagger UI from our own disk: nothing is asked of anybody else. */
const FILES: Readonly<Record<string, string>> = {
  '/docs/swagger-ui.css': swagger,
  '/docs/swagger-ui-bundle.js': swagger,
  '/docs/reference.css': DOCS_FOLDER,
  '/docs/reference.js': DOCS_FOLDER,
  '/assets/gateway.css': DOCS_FOLDER,
  '/assets/icon.svg': DOCS_FOLDER,
};

export const registerDocs = (app: FastifyInstance): void => {
  for (const [url, folder] of Object.entries(FILES)) {
    const name = url.slice(url.lastIndexOf('/') + 1);
    app.get(url, (_request, reply) => reply.sendFile(name, folder, { cacheControl: false }));
  }
};

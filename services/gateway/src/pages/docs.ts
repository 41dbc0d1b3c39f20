import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Asset } from './asset.ts';
import { type Page, pageAsset } from './layout.ts';

const require = createRequire(import.meta.url);
const swagger = dirname(require.resolve('swagger-ui-dist/package.json'));
const own = join(import.meta.dirname, '../../public');

const page: Page = {
  url: '/docs',
  title: 'API reference · SmartServer License Management',
  head: `<link rel="stylesheet" href="/docs/swagger-ui.css">
    <link rel="stylesheet" href="/docs/reference.css">
    <script src="/docs/swagger-ui-bundle.js" defer></script>
    <script src="/docs/reference.js" defer></script>`,
  body: `      <div id="reference"><p>The reference is loading. It needs JavaScript; <a href="/openapi.json">the OpenAPI document</a> does not.</p></div>`,
};

const file = (url: string, path: string, type: string): Asset => ({ url, type, load: () => readFile(path) });

const STYLE = 'text/css; charset=utf-8';
const SCRIPT = 'text/javascript; charset=utf-8';

/** Swagger UI from our own disk: nothing is asked of anybody else. */
export const docsAssets = (): Asset[] => [
  pageAsset(page),
  file('/docs/swagger-ui.css', join(swagger, 'swagger-ui.css'), STYLE),
  file('/docs/swagger-ui-bundle.js', join(swagger, 'swagger-ui-bundle.js'), SCRIPT),
  file('/docs/reference.css', join(own, 'reference.css'), STYLE),
  file('/docs/reference.js', join(own, 'reference.js'), SCRIPT),
  file('/assets/gateway.css', join(own, 'gateway.css'), STYLE),
  file('/assets/icon.svg', join(own, 'icon.svg'), 'image/svg+xml'),
];

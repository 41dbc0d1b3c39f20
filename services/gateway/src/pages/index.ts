import type { FastifyInstance } from 'fastify';
import { serveAsset } from './asset.ts';
import { docsAssets } from './docs.ts';
import { landingPage } from './landing.ts';
import { pageAsset } from './layout.ts';
import { type PortalOptions, registerPortal } from './portal.ts';
import { problemPages } from './problems.ts';

/** Everything the gateway shows to people, and the OpenAPI document. */
export const registerPages = (app: FastifyInstance, document: object, portal: PortalOptions): void => {
  const assets = [landingPage, ...problemPages()].map(pageAsset);
  const openapi = {
    url: '/openapi.json',
    type: 'application/json; charset=utf-8',
    load: () => Buffer.from(JSON.stringify(document)),
  };
  for (const asset of [...assets, ...docsAssets(), openapi]) serveAsset(app, asset);
  registerPortal(app, portal);
};

import type { WebhookEndpoint, WebhookEndpointPage } from '@smartserver/contracts';
import { decodeCursor, type RequestContext, tenantOf, toPage } from '@smartserver/service-kit';
import type { Deps } from '../deps.ts';
import { toEndpoint } from '../model/webhook-endpoint.ts';
import { findEndpoints, readEndpoint } from './endpoints.sql.ts';

type Query = { partnerId: string | undefined; limit: number; cursor: string | undefined };

export const listEndpoints = async (
  { database, clock }: Deps,
  context: RequestContext,
  { partnerId, limit, cursor }: Query,
): Promise<WebhookEndpointPage> => {
  const page = { partnerId, limit, after: decodeCursor(cursor) };
  const found = await findEndpoints(database.kysely, tenantOf(context.actor), page);
  const { rows, nextCursor } = toPage(found, limit, (row) => row.endpoint_id);
  const now = clock.now();
  return { items: rows.map((row) => toEndpoint(row, now)), nextCursor };
};

/** @throws webhook_endpoint_not_found */
export const getEndpoint = async (
  { database, clock }: Deps,
  context: RequestContext,
  endpointId: string,
): Promise<WebhookEndpoint> => toEndpoint(await readEndpoint(database.kysely, context.actor, endpointId), clock.now());

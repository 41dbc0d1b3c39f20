import type { WebhookEndpoint, WebhookEndpointPage } from '@smartserver/contracts';
import { listPage, type PageRequest, type RequestContext } from '@smartserver/service-kit';
import type { Deps } from '../deps.ts';
import { toEndpoint } from '../model/webhook-endpoint.ts';
import { readEndpoint, selectEndpoints } from './endpoints.sql.ts';

/** Oldest first. @param partnerId only those of this partner */
export const listEndpoints = (
  { database, clock }: Deps,
  { actor }: RequestContext,
  partnerId: string | undefined,
  page: PageRequest,
): Promise<WebhookEndpointPage> => {
  const all = selectEndpoints(database.kysely, actor);
  const found = partnerId === undefined ? all : all.where('partner_id', '=', partnerId);
  return listPage(found, page, { key: 'endpoint_id' }, (row) => toEndpoint(row, clock.now()));
};

/** @throws webhook_endpoint_not_found */
export const getEndpoint = async (
  { database, clock }: Deps,
  { actor }: RequestContext,
  endpointId: string,
): Promise<WebhookEndpoint> => toEndpoint(await readEndpoint(database.kysely, actor, endpointId), clock.now());

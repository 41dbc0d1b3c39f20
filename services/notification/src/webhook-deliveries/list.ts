import type {
  WebhookDeliveryPage,
  WebhookDeliveryStatus,
  WebhookDeliveryWithMessage,
  WebhookMessage,
} from '@smartserver/contracts';
import { decodeCursor, type RequestContext, toPage } from '@smartserver/service-kit';
import type { Deps } from '../deps.ts';
import { toDelivery } from '../model/webhook-delivery.ts';
import { readEndpoint } from '../webhook-endpoints/endpoints.sql.ts';
import { findDeliveries, readDelivery } from './deliveries.sql.ts';

type Query = { status: WebhookDeliveryStatus | undefined; limit: number; cursor: string | undefined };

/** @throws webhook_endpoint_not_found */
export const listDeliveries = async (
  deps: Deps,
  context: RequestContext,
  endpointId: string,
  { status, limit, cursor }: Query,
): Promise<WebhookDeliveryPage> => {
  const page = { status, limit, after: decodeCursor(cursor) };
  await readEndpoint(deps.database.kysely, context.actor, endpointId);
  const found = await findDeliveries(deps.database.kysely, endpointId, page);
  const { rows, nextCursor } = toPage(found, limit, (row) => row.message_id);
  return { items: rows.map(toDelivery), nextCursor };
};

/** @throws webhook_endpoint_not_found, webhook_delivery_not_found */
export const getDelivery = async (
  deps: Deps,
  context: RequestContext,
  endpointId: string,
  deliveryId: string,
): Promise<WebhookDeliveryWithMessage> => {
  await readEndpoint(deps.database.kysely, context.actor, endpointId);
  const row = await readDelivery(deps.database.kysely, endpointId, deliveryId);
  return { ...toDelivery(row), message: JSON.parse(row.payload) as WebhookMessage };
};

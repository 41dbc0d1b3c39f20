import type {
  WebhookDeliveryPage,
  WebhookDeliveryStatus,
  WebhookDeliveryWithMessage,
  WebhookMessage,
} from '@smartserver/contracts';
import { listPage, type PageRequest, type RequestContext } from '@smartserver/service-kit';
import type { Deps } from '../deps.ts';
import { toDelivery } from '../model/webhook-delivery.ts';
import { readEndpoint } from '../webhook-endpoints/endpoints.sql.ts';
import { readDelivery, selectDeliveries } from './deliveries.sql.ts';

/** Newest first. @throws webhook_endpoint_not_found */
export const listDeliveries = async (
  { database: { kysely } }: Deps,
  { actor }: RequestContext,
  endpointId: string,
  status: WebhookDeliveryStatus | undefined,
  page: PageRequest,
): Promise<WebhookDeliveryPage> => {
  await readEndpoint(kysely, actor, endpointId);
  const all = selectDeliveries(kysely, endpointId);
  const found = status === undefined ? all : all.where('delivery.status', '=', status);
  return listPage(found, page, { key: 'message_id', column: 'delivery.message_id', order: 'desc' }, toDelivery);
};

/** @throws webhook_endpoint_not_found, webhook_delivery_not_found */
export const getDelivery = async (
  { database: { kysely } }: Deps,
  { actor }: RequestContext,
  endpointId: string,
  deliveryId: string,
): Promise<WebhookDeliveryWithMessage> => {
  await readEndpoint(kysely, actor, endpointId);
  const row = await readDelivery(kysely, endpointId, deliveryId);
  return { ...toDelivery(row), message: JSON.parse(row.payload) as WebhookMessage };
};

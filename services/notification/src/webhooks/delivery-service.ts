import type {
  WebhookDelivery,
  WebhookDeliveryPage,
  WebhookDeliveryStatus,
  WebhookDeliveryWithMessage,
  WebhookMessage,
} from '@smartserver/contracts';
import { change, decodeCursor, problem, type RequestContext, tenantOf, toPage } from '@smartserver/service-kit';
import type { Transaction } from 'kysely';
import type { Tables } from '../model/tables.ts';
import type { WebhookEndpointRow } from '../model/webhook-endpoint.ts';
import { toDelivery } from './delivery.ts';
import { findDelivery, insertTest, listDeliveries, renewDelivery } from './delivery-store.ts';
import type { WebhookDeps } from './endpoint-service.ts';
import { findEndpoint, lockEndpoint } from './endpoint-store.ts';
import { payloadOf } from './webhook.ts';

export type DeliveryQuery = {
  status: WebhookDeliveryStatus | undefined;
  limit: number;
  cursor: string | undefined;
};

/** What was sent to an endpoint, and what came of it. */
export class WebhookDeliveryService {
  constructor(private readonly deps: WebhookDeps) {}

  /** @throws webhook_endpoint_not_found */
  async list(endpointId: string, query: DeliveryQuery, context: RequestContext): Promise<WebhookDeliveryPage> {
    const { status, limit } = query;
    const page = { status, limit, after: decodeCursor(query.cursor) };
    await this.#requireEndpoint(endpointId, context);
    const found = await listDeliveries(this.deps.database.kysely, endpointId, page);
    const { rows, nextCursor } = toPage(found, limit, (row) => row.message_id);
    return { items: rows.map(toDelivery), nextCursor };
  }

  /** @throws webhook_endpoint_not_found, webhook_delivery_not_found */
  async get(endpointId: string, deliveryId: string, context: RequestContext): Promise<WebhookDeliveryWithMessage> {
    await this.#requireEndpoint(endpointId, context);
    const row = await findDelivery(this.deps.database.kysely, endpointId, deliveryId);
    if (row === null) throw problem('webhook_delivery_not_found');
    return { ...toDelivery(row), message: JSON.parse(row.payload) as WebhookMessage };
  }

  /** @throws webhook_endpoint_not_found, webhook_endpoint_disabled */
  test(endpointId: string, context: RequestContext): Promise<WebhookDelivery> {
    const { clock, ids } = this.deps;
    return change(this.deps, context, async (trx) => {
      await this.#lockEnabled(trx, endpointId, context);
      const now = clock.now();
      const messageId = ids.ordered();
      const payload = payloadOf('test', now.toISOString(), { endpointId });
      await insertTest(trx, { endpointId, messageId, payload }, now);
      return this.#read(trx, endpointId, messageId);
    });
  }

  /** @throws webhook_endpoint_not_found, webhook_endpoint_disabled, webhook_delivery_not_found */
  redeliver(endpointId: string, deliveryId: string, context: RequestContext): Promise<WebhookDelivery> {
    return change(this.deps, context, async (trx) => {
      await this.#lockEnabled(trx, endpointId, context);
      await this.#read(trx, endpointId, deliveryId);
      await renewDelivery(trx, endpointId, deliveryId, this.deps.clock.now());
      return this.#read(trx, endpointId, deliveryId);
    });
  }

  async #requireEndpoint(endpointId: string, context: RequestContext): Promise<void> {
    const endpoint = await findEndpoint(this.deps.database.kysely, tenantOf(context.actor), endpointId);
    if (endpoint === null) throw problem('webhook_endpoint_not_found');
  }

  async #lockEnabled(
    trx: Transaction<Tables>,
    endpointId: string,
    context: RequestContext,
  ): Promise<WebhookEndpointRow> {
    const endpoint = await lockEndpoint(trx, tenantOf(context.actor), endpointId);
    if (endpoint === null) throw problem('webhook_endpoint_not_found');
    if (!endpoint.enabled) throw problem('webhook_endpoint_disabled');
    return endpoint;
  }

  async #read(trx: Transaction<Tables>, endpointId: string, deliveryId: string): Promise<WebhookDelivery> {
    const row = await findDelivery(trx, endpointId, deliveryId);
    if (row === null) throw problem('webhook_delivery_not_found');
    return toDelivery(row);
  }
}

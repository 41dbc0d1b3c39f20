import type { WebhookDelivery } from '@smartserver/contracts';
import { change, problem, type RequestContext } from '@smartserver/service-kit';
import type { Transaction } from 'kysely';
import type { Deps } from '../deps.ts';
import type { Tables } from '../model/tables.ts';
import { toDelivery } from '../model/webhook-delivery.ts';
import { payloadOf } from '../model/webhook-message.ts';
import { lockEndpoint } from '../webhook-endpoints/endpoints.sql.ts';
import { findDelivery, insertTest, renewDelivery } from './deliveries.sql.ts';

type Trx = Transaction<Tables>;

/** @throws webhook_endpoint_not_found, webhook_endpoint_disabled */
export const sendTest = (deps: Deps, context: RequestContext, endpointId: string): Promise<WebhookDelivery> =>
  change(deps, context, async (trx) => {
    await lockEnabled(trx, context, endpointId);
    const now = deps.clock.now();
    const messageId = deps.ids.ordered();
    const payload = payloadOf('test', now.toISOString(), { endpointId });
    await insertTest(trx, { endpointId, messageId, payload }, now);
    return read(trx, endpointId, messageId);
  });

/** @throws webhook_endpoint_not_found, webhook_endpoint_disabled, webhook_delivery_not_found */
export const redeliver = (
  deps: Deps,
  context: RequestContext,
  endpointId: string,
  deliveryId: string,
): Promise<WebhookDelivery> =>
  change(deps, context, async (trx) => {
    await lockEnabled(trx, context, endpointId);
    await read(trx, endpointId, deliveryId);
    await renewDelivery(trx, endpointId, deliveryId, deps.clock.now());
    return read(trx, endpointId, deliveryId);
  });

const lockEnabled = async (trx: Trx, { actor }: RequestContext, endpointId: string): Promise<void> => {
  const endpoint = await lockEndpoint(trx, actor, endpointId);
  if (!endpoint.enabled) throw problem('webhook_endpoint_disabled');
};

const read = async (trx: Trx, endpointId: string, deliveryId: string): Promise<WebhookDelivery> => {
  const row = await findDelivery(trx, endpointId, deliveryId);
  if (row === null) throw problem('webhook_delivery_not_found');
  return toDelivery(row);
};

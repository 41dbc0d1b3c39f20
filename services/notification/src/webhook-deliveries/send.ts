import type { WebhookDelivery } from '@smartserver/contracts';
import { change, problem, type RequestContext } from '@smartserver/service-kit';
import type { Transaction } from 'kysely';
import type { Deps } from '../deps.ts';
import type { Tables } from '../model/tables.ts';
import { toDelivery } from '../model/webhook-delivery.ts';
import { payloadOf } from '../model/webhook-message.ts';
import { lockEndpoint } from '../webhook-endpoints/endpoints.sql.ts';
import { readDelivery } from './deliveries.sql.ts';

/**
 * A message to one endpoint alone.
 * @throws webhook_endpoint_not_found, webhook_endpoint_disabled
 */
export const sendTest = (deps: Deps, context: RequestContext, endpointId: string): Promise<WebhookDelivery> =>
  change(deps, context, async (trx) => {
    await lockEnabled(trx, context, endpointId);
    const now = deps.clock.now();
    const id = deps.ids.ordered();
    const payload = payloadOf('test', now.toISOString(), { endpointId });
    await trx
      .insertInto('webhook_messages')
      .values({ message_id: id, payload, type: 'test', dedupe_key: `test ${id}`, created_at: now })
      .execute();
    await trx
      .insertInto('webhook_deliveries')
      .values({ endpoint_id: endpointId, message_id: id, next_attempt_at: now, created_at: now })
      .execute();
    return toDelivery(await readDelivery(trx, endpointId, id));
  });

/**
 * Sends it once more, with all its retries before it. What is in flight at this moment is sent again, too.
 * @throws webhook_endpoint_not_found, webhook_endpoint_disabled, webhook_delivery_not_found
 */
export const redeliver = (
  deps: Deps,
  context: RequestContext,
  endpointId: string,
  deliveryId: string,
): Promise<WebhookDelivery> =>
  change(deps, context, async (trx) => {
    await lockEnabled(trx, context, endpointId);
    await trx
      .updateTable('webhook_deliveries')
      .set({ status: 'pending', failures: 0, next_attempt_at: deps.clock.now(), delivered_at: null })
      .where('endpoint_id', '=', endpointId)
      .where('message_id', '=', deliveryId)
      .execute();
    return toDelivery(await readDelivery(trx, endpointId, deliveryId));
  });

const lockEnabled = async (trx: Transaction<Tables>, { actor }: RequestContext, endpointId: string): Promise<void> => {
  const endpoint = await lockEndpoint(trx, actor, endpointId);
  if (!endpoint.enabled) throw problem('webhook_endpoint_disabled');
};

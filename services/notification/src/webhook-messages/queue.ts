import type { Clock, Ids } from '@smartserver/service-kit';
import { sql, type Transaction } from 'kysely';
import type { Tables } from '../model/tables.ts';
import { payloadOf } from '../model/webhook-message.ts';
import type { NewWebhook } from './webhook.ts';

/**
 * Queues webhooks: a message, and a delivery to each enabled endpoint that wants its type, the partner's and Customer Success's own, in the
 * transaction of whatever made it so. Where no endpoint wants it nothing is kept. What was queued already under the same key is left as
 * it is. Endpoints are held until the transaction ends, in the order of their ids, so that none is disabled between two steps.
 */
export const queueWebhooks = async (
  trx: Transaction<Tables>,
  { clock, ids }: { clock: Clock; ids: Ids },
  webhooks: readonly NewWebhook[],
): Promise<void> => {
  if (webhooks.length === 0) return;
  const now = clock.now();
  const column = (read: (webhook: NewWebhook) => string) => webhooks.map(read);
  const partnerIds = column(({ partnerId }) => partnerId);
  const payloads = column(({ type, data, timestamp = now.toISOString() }) => payloadOf(type, timestamp, data));
  await sql`
    with message as (
      select * from unnest(${column(() => ids.ordered())}::uuid[], ${partnerIds}::uuid[],
        ${column(({ type }) => type)}::text[], ${column(({ dedupeKey }) => dedupeKey)}::text[], ${payloads}::text[])
        as m (message_id, partner_id, type, dedupe_key, payload)
    ), endpoint as materialized (
      select endpoint_id, partner_id, event_types from webhook_endpoints
      where enabled and (partner_id is null or partner_id = any(${partnerIds}::uuid[]))
      order by endpoint_id for share
    ), wanted as (
      select message_id, endpoint_id from message join endpoint
        on (endpoint.partner_id is null or endpoint.partner_id = message.partner_id)
          and (cardinality(event_types) = 0 or type = any(event_types))
    ), inserted as (
      insert into webhook_messages (message_id, type, payload, dedupe_key, created_at)
      select message_id, type, payload, dedupe_key, ${now} from message
      where message_id in (select message_id from wanted)
      on conflict (dedupe_key) do nothing returning message_id
    )
    insert into webhook_deliveries (endpoint_id, message_id, next_attempt_at, created_at)
    select endpoint_id, message_id, ${now}, ${now} from wanted join inserted using (message_id)`.execute(trx);
};

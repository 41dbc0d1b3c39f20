import type { WebhookEventType } from '@smartserver/contracts';
import { sql, type Transaction } from 'kysely';
import type { Tables } from '../model/tables.ts';

export type NewMessage = {
  messageId: string;
  type: WebhookEventType;
  partnerId: string;
  dedupeKey: string;
  payload: string;
};

/**
 * Adds messages with a delivery to each enabled endpoint that wants their type: the partner's, and Customer Success's own. Endpoints
 * are held until the transaction ends, in the order of their ids, so that none is disabled between two steps of one change.
 */
export const insertMessages = async (
  trx: Transaction<Tables>,
  messages: readonly NewMessage[],
  now: Date,
): Promise<void> => {
  const column = (name: keyof NewMessage) => messages.map((message) => message[name]);
  await sql`
    with message as (
      select * from unnest(${column('messageId')}::uuid[], ${column('partnerId')}::uuid[], ${column('type')}::text[],
        ${column('dedupeKey')}::text[], ${column('payload')}::text[])
        as m (message_id, partner_id, type, dedupe_key, payload)
    ), endpoint as materialized (
      select endpoint_id, partner_id, event_types from webhook_endpoints
      where enabled and (partner_id is null or partner_id = any(${column('partnerId')}::uuid[]))
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

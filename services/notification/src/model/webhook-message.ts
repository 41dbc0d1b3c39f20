import type { Instant, WebhookEventType } from '@smartserver/contracts';

export interface WebhookMessagesTable {
  /** UUIDv7: the order of lists. */
  message_id: string;
  type: WebhookEventType | 'test';
  payload: string;
  dedupe_key: string;
  created_at: Date;
}

/** The header `webhook-id`: the same at every attempt and every endpoint. */
export const webhookIdOf = (messageId: string): string => `msg_${messageId}`;

/** The body of a webhook, as it is signed. */
export const payloadOf = (type: string, timestamp: Instant, data: object): string =>
  JSON.stringify({ type, timestamp, data });

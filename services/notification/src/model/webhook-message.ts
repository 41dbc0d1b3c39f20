import type { WebhookEventType } from '@smartserver/contracts';

export interface WebhookMessagesTable {
  /** UUIDv7: the order of lists. */
  message_id: string;
  type: WebhookEventType | 'test';
  payload: string;
  dedupe_key: string;
  created_at: Date;
}

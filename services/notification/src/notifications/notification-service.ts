import type { Notification, NotificationPage } from '@smartserver/contracts';
import { type Database, decodeCursor, type RequestContext, tenantOf, toPage } from '@smartserver/service-kit';
import type { Tables } from '../model/tables.ts';
import { findNotifications, type NotificationRow, type WrittenOutcome } from './notification-store.ts';

export const defaultLimit = 50;

export type NotificationQuery = {
  customerId?: string;
  outcome?: WrittenOutcome;
  limit?: number;
  cursor?: string;
};

/** What was sent, to whom, with which outcome. */
export class NotificationService {
  constructor(private readonly database: Database<Tables>) {}

  /** Of an account that is foreign or unknown there are none. @throws ProblemError validation_failed for a bad cursor */
  async list(context: RequestContext, query: NotificationQuery): Promise<NotificationPage> {
    const limit = query.limit ?? defaultLimit;
    const found = await findNotifications(this.database.kysely, {
      tenant: tenantOf(context.actor),
      customerId: query.customerId ?? null,
      outcome: query.outcome ?? null,
      after: decodeCursor(query.cursor),
      limit: limit + 1,
    });
    const { rows, nextCursor } = toPage(found, limit, (row) => row.email_id);
    return { items: rows.map(toNotification), nextCursor };
  }
}

const toNotification = (row: NotificationRow): Notification => ({
  notificationId: row.email_id,
  subject: row.subject,
  partnerId: row.partner_id,
  customerId: row.customer_id,
  licenseId: null,
  dueAt: row.created_at.toISOString(),
  recipient: row.recipient,
  outcome: row.outcome,
  failure: row.failure,
  createdAt: row.created_at.toISOString(),
  sentAt: row.sent_at?.toISOString() ?? null,
});

import type { Notification, NotificationOutcome, NotificationPage } from '@smartserver/contracts';
import { decodeCursor, type RequestContext, tenantOf, toPage } from '@smartserver/service-kit';
import type { Selectable } from 'kysely';
import type { Deps } from '../deps.ts';
import type { EmailsTable } from '../model/email.ts';
import { visibleEmails } from '../tenancy.ts';

export const DEFAULT_LIMIT = 50;

export type NotificationQuery = { customerId?: string; limit?: number; cursor?: string };

const COLUMNS = [
  'email_id',
  'subject',
  'partner_id',
  'customer_id',
  'recipient',
  'outcome',
  'failure',
  'created_at',
  'sent_at',
] as const;

/**
 * What was sent, to whom, with which outcome, the newest first. Of an account that is foreign or unknown there is nothing.
 * @throws validation_failed for a bad cursor
 */
export const listNotifications = async (
  { database }: Deps,
  context: RequestContext,
  query: NotificationQuery & { outcome?: Exclude<NotificationOutcome, 'scheduled'> },
): Promise<NotificationPage> => {
  const { customerId = null, outcome = null, limit = DEFAULT_LIMIT } = query;
  const after = decodeCursor(query.cursor);
  const found = await database.kysely
    .selectFrom('emails')
    .select(COLUMNS)
    .where(visibleEmails(tenantOf(context.actor)))
    .$if(customerId !== null, (qb) => qb.where('customer_id', '=', customerId))
    .$if(outcome !== null, (qb) => qb.where('outcome', '=', outcome))
    .$if(after !== null, (qb) => qb.where('email_id', '<', after))
    .orderBy('email_id', 'desc')
    .limit(limit + 1)
    .execute();
  const { rows, nextCursor } = toPage(found, limit, (row) => row.email_id);
  return { items: rows.map(toNotification), nextCursor };
};

const toNotification = (row: Pick<Selectable<EmailsTable>, (typeof COLUMNS)[number]>): Notification => ({
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

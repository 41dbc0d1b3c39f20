import type { Notification, NotificationOutcome, NotificationPage } from '@smartserver/contracts';
import { listPage, type PageRequest, type RequestContext, tenantOf } from '@smartserver/service-kit';
import type { Selectable } from 'kysely';
import type { Deps } from '../deps.ts';
import type { EmailsTable } from '../model/email.ts';
import { visibleEmails } from '../tenancy.ts';

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
export const listNotifications = (
  { database }: Deps,
  context: RequestContext,
  filter: { customerId: string | undefined; outcome: Exclude<NotificationOutcome, 'scheduled'> | undefined },
  page: PageRequest,
): Promise<NotificationPage> => {
  const { customerId = null, outcome = null } = filter;
  const emails = database.kysely
    .selectFrom('emails')
    .select(COLUMNS)
    .where(visibleEmails(tenantOf(context.actor)))
    .$if(customerId !== null, (qb) => qb.where('customer_id', '=', customerId))
    .$if(outcome !== null, (qb) => qb.where('outcome', '=', outcome));
  return listPage(emails, page, { key: 'email_id', order: 'desc' }, toNotification);
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

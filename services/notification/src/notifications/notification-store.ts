import type { NotificationOutcome } from '@smartserver/contracts';
import type { Tenant } from '@smartserver/service-kit';
import type { Kysely } from 'kysely';
import type { Tables } from '../model/tables.ts';
import { visibleTo } from '../tenancy.ts';

/** Of an e-mail that exists. */
export type WrittenOutcome = Exclude<NotificationOutcome, 'scheduled'>;

export type NotificationFilter = {
  tenant: Tenant;
  customerId: string | null;
  outcome: WrittenOutcome | null;
  /** Row id of the last one seen. */
  after: string | null;
  limit: number;
};

export type NotificationRow = Awaited<ReturnType<typeof findNotifications>>[number];

/** Newest first; up to `limit` rows. */
export const findNotifications = (db: Kysely<Tables>, filter: NotificationFilter) =>
  db
    .selectFrom('emails')
    .select([
      'email_id',
      'subject',
      'partner_id',
      'customer_id',
      'recipient',
      'outcome',
      'failure',
      'created_at',
      'sent_at',
    ])
    .where(visibleTo(filter.tenant, 'emails'))
    .$if(filter.customerId !== null, (qb) => qb.where('customer_id', '=', filter.customerId))
    .$if(filter.outcome !== null, (qb) => qb.where('outcome', '=', filter.outcome))
    .$if(filter.after !== null, (qb) => qb.where('email_id', '<', filter.after))
    .orderBy('email_id', 'desc')
    .limit(filter.limit)
    .execute();

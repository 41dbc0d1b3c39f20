import type { NotificationTest } from '@smartserver/contracts';
import { change, problem, type RequestContext, tenantOf } from '@smartserver/service-kit';
import type { Transaction } from 'kysely';
import type { Deps } from '../deps.ts';
import { queueEmails } from '../emails/emails.sql.ts';
import { lockVisibleCustomer } from '../model/customer.ts';
import type { Tables } from '../model/tables.ts';
import { readAccounts } from '../notices/accounts.sql.ts';
import { testEmail } from './test-email.ts';

/** Test e-mails of one account within an hour: it is people who get them. */
const MOST_IN_HOUR = 5;
const HOUR_MS = 3_600_000;

/** Sends a test e-mail to all who get the notices of an account. @throws customer_not_found, rate_limited */
export const sendTest = (deps: Deps, context: RequestContext, customerId: string): Promise<NotificationTest> =>
  change(deps, context, async (trx) => {
    const customer = await lockVisibleCustomer(trx, tenantOf(context.actor), customerId);
    const account = (await readAccounts(trx, [customer])).get(customer.customerId);
    if (account === undefined) throw problem('customer_not_found');
    await refuseMore(trx, deps.clock.now(), customer.customerId);

    const { customerId: id, partnerId, name: customerName } = customer;
    const about = { eventId: deps.ids.ordered(), subject: 'notification_test', customerId: id, partnerId } as const;
    const { settings, recipients } = account;
    await queueEmails(
      trx,
      deps,
      recipients.map((to) => ({ ...about, to, content: testEmail({ ...to, customerName }, settings) })),
    );
    return { recipients: recipients.map(({ email }) => email) };
  });

const refuseMore = async (trx: Transaction<Tables>, now: Date, customerId: string): Promise<void> => {
  const tests = await trx
    .selectFrom('emails')
    .select(['event_id', 'created_at'])
    .distinct()
    .where('customer_id', '=', customerId)
    .where('subject', '=', 'notification_test')
    .orderBy('created_at', 'desc')
    .limit(MOST_IN_HOUR)
    .execute();
  const oldest = tests[MOST_IN_HOUR - 1];
  if (oldest === undefined) return;
  const againMs = oldest.created_at.getTime() + HOUR_MS - now.getTime();
  if (againMs <= 0) return;
  throw problem('rate_limited', { headers: { 'retry-after': String(Math.ceil(againMs / 1_000)) } });
};

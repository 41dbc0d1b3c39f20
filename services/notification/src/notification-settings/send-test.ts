import type { NotificationTest } from '@smartserver/contracts';
import { change, problem, type RequestContext, tenantOf } from '@smartserver/service-kit';
import type { Deps } from '../deps.ts';
import { insertEmails, lastEmails, messageIdFor } from '../emails/emails.sql.ts';
import { renderEmail } from '../emails/template.tsx';
import { lockVisibleCustomer } from '../model/customer.ts';
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
    const now = deps.clock.now();
    refuseMore(await lastEmails(trx, customer.customerId, 'notification_test', MOST_IN_HOUR), now);

    const eventId = deps.ids.ordered();
    await insertEmails(
      trx,
      account.recipients.map(({ email, name, language }) => ({
        emailId: deps.ids.ordered(),
        customerId: customer.customerId,
        partnerId: customer.partnerId,
        eventId,
        subject: 'notification_test',
        recipient: email,
        recipientName: name,
        language,
        messageId: messageIdFor(eventId, customer.customerId, email, deps.mailDomain),
        rendered: renderEmail(testEmail({ name, language, customerName: customer.name }, account.settings)),
        createdAt: now,
      })),
    );
    return { recipients: account.recipients.map(({ email }) => email) };
  });

/** @param last when the last tests were sent, the newest first */
const refuseMore = (last: readonly Date[], now: Date): void => {
  const oldest = last[MOST_IN_HOUR - 1];
  if (oldest === undefined) return;
  const againMs = oldest.getTime() + HOUR_MS - now.getTime();
  if (againMs <= 0) return;
  throw problem('rate_limited', { headers: { 'retry-after': String(Math.ceil(againMs / 1_000)) } });
};

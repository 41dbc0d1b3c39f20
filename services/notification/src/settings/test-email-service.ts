import type { NotificationTest } from '@smartserver/contracts';
import { change, type Ids, problem, type RequestContext, tenantOf } from '@smartserver/service-kit';
import { lockVisibleCustomer } from '../customers/customer-store.ts';
import { messageIdFor } from '../emails/email.ts';
import { insertEmails, lastEmails } from '../emails/email-store.ts';
import { renderEmail } from '../emails/template.tsx';
import { readAccounts } from '../notices/account-reader.ts';
import { accountRecipients } from '../notices/recipients.ts';
import type { SettingsDeps } from './settings-service.ts';
import { testEmail } from './test-email.ts';

/** Test e-mails of one account within an hour: it is people who get them. */
const MOST_IN_HOUR = 5;
const HOUR_MS = 3_600_000;

/** Sends a test e-mail to whoever would be told of an account's maintenance. */
export class TestEmailService {
  constructor(private readonly deps: SettingsDeps & { ids: Ids; mailDomain: string }) {}

  /** @throws customer_not_found, rate_limited */
  async send(customerId: string, context: RequestContext): Promise<NotificationTest> {
    const { clock, ids, mailDomain } = this.deps;
    return change(this.deps, context, async (trx) => {
      const customer = await lockVisibleCustomer(trx, tenantOf(context.actor), customerId);
      if (customer === null) throw problem('customer_not_found');
      const account = (await readAccounts(trx, [customer.customerId])).get(customer.customerId);
      if (account === undefined) throw problem('customer_not_found');
      const now = clock.now();
      const last = await lastEmails(trx, customer.customerId, 'notification_test', MOST_IN_HOUR);
      refuseMore(last, now);

      const eventId = ids.ordered();
      const recipients = accountRecipients(account.settings, account.contacts, account.silenced);
      await insertEmails(
        trx,
        recipients.map(({ email, name, language }) => ({
          emailId: ids.ordered(),
          customerId: customer.customerId,
          partnerId: customer.partnerId,
          eventId,
          subject: 'notification_test',
          recipient: email,
          recipientName: name,
          language,
          messageId: messageIdFor(eventId, customer.customerId, email, mailDomain),
          rendered: renderEmail(testEmail({ name, language, customerName: customer.name }, account.settings)),
          createdAt: now,
        })),
      );
      return { recipients: recipients.map(({ email }) => email) };
    });
  }
}

/** @param last when the last tests were sent, the newest first */
const refuseMore = (last: readonly Date[], now: Date): void => {
  const oldest = last[MOST_IN_HOUR - 1];
  if (oldest === undefined) return;
  const againMs = oldest.getTime() + HOUR_MS - now.getTime();
  if (againMs <= 0) return;
  throw problem('rate_limited', { headers: { 'retry-after': String(Math.ceil(againMs / 1_000)) } });
};

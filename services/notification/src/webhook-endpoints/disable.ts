import type { Language } from '@smartserver/contracts';
import { sql, type Transaction } from 'kysely';
import { hour } from '../delivery/backoff.ts';
import { countDisabledEmails, insertEmails, messageIdFor } from '../emails/emails.sql.ts';
import type { MailingDeps } from '../emails/notify-contacts.ts';
import { renderEmail } from '../emails/template.tsx';
import { readDigestSettings } from '../model/settings.ts';
import type { Tables } from '../model/tables.ts';
import type { WebhookEndpointRow } from '../model/webhook-endpoint.ts';
import { disabledEmail } from './disabled-email.ts';

type Trx = Transaction<Tables>;
type Disabled = { endpoint: WebhookEndpointRow; reason: 'failing' | 'gone' };

/** An endpoint at which nothing has arrived for so long, in so many attempts, is disabled. */
const DISABLE_AFTER = { milliseconds: 5 * 24 * hour, attempts: 20 };

/** E-mails to one owner within a day: an endpoint that is enabled again and again does not fill a mailbox that way. */
const MOST_IN_DAY = 20;

/** What has not arrived at an endpoint when it is disabled has failed; it can be sent again, delivery by delivery. */
export const failPending = async (trx: Trx, endpointId: string): Promise<void> => {
  await trx
    .updateTable('webhook_deliveries')
    .set({ status: 'failed', failure: 'The endpoint was disabled.' })
    .where('endpoint_id', '=', endpointId)
    .where('status', '=', 'pending')
    .execute();
};

/**
 * Counts a failed attempt at an endpoint, and holds its row.
 * @param gone the receiver wants no more webhooks
 * @returns the endpoint, if it is disabled from now on; null where it is not, or was before
 */
export const noteFailure = async (trx: Trx, endpointId: string, at: Date, gone: boolean): Promise<Disabled | null> => {
  const longAgo = new Date(at.getTime() - DISABLE_AFTER.milliseconds);
  const { rows } = await sql<WebhookEndpointRow & { reason: Disabled['reason'] | null }>`
    update webhook_endpoints as endpoint
    set failing_since = coalesce(failing_since, ${at}), failed_attempts = failed_attempts + 1,
      enabled = reason is null, disabled_reason = reason, version = version + (reason is not null)::integer
    from (
      select endpoint_id, case
        when ${gone} then 'gone'
        when failing_since <= ${longAgo} and failed_attempts + 1 >= ${DISABLE_AFTER.attempts} then 'failing'
      end as reason
      from webhook_endpoints where endpoint_id = ${endpointId} and enabled for update
    ) as judged
    where endpoint.endpoint_id = judged.endpoint_id
    returning endpoint.*, reason`.execute(trx);
  const [row] = rows;
  if (row === undefined || row.reason === null) return null;
  const { reason, ...endpoint } = row;
  return { endpoint, reason };
};

/** A delivery has arrived: the endpoint fails no more. */
export const noteSuccess = async (trx: Trx, endpointId: string): Promise<void> => {
  await trx
    .updateTable('webhook_endpoints')
    .set({ failing_since: null, failed_attempts: 0 })
    .where('endpoint_id', '=', endpointId)
    .where('failing_since', 'is not', null)
    .execute();
};

/**
 * E-mails the owner of an endpoint that it was disabled, in the transaction that disabled it: once. Recipients are the address that is
 * given at the endpoint, and those of the owner's digests.
 */
export const notifyOwner = async (trx: Trx, deps: MailingDeps, { endpoint, reason }: Disabled): Promise<void> => {
  const at = deps.clock.now();
  const yesterday = new Date(at.getTime() - 24 * hour);
  const room = MOST_IN_DAY - (await countDisabledEmails(trx, endpoint.partner_id, yesterday));
  const recipients = (await recipientsOf(trx, endpoint)).slice(0, Math.max(room, 0));
  const eventId = deps.ids.ordered();
  const about = {
    endpointId: endpoint.endpoint_id,
    host: new URL(endpoint.url).host,
    description: endpoint.description,
    reason,
    at,
  };
  await insertEmails(
    trx,
    recipients.map(({ email, language }) => ({
      emailId: deps.ids.ordered(),
      customerId: null,
      partnerId: endpoint.partner_id,
      eventId,
      subject: 'webhook_disabled',
      recipient: email,
      recipientName: '',
      language,
      messageId: messageIdFor(eventId, endpoint.endpoint_id, email, deps.mailDomain),
      rendered: renderEmail(disabledEmail(language, about)),
      createdAt: at,
    })),
  );
};

/** Each address once, in the language of the digests. */
const recipientsOf = async (
  trx: Trx,
  { partner_id, notify_email }: WebhookEndpointRow,
): Promise<{ email: string; language: Language }[]> => {
  const digest = await readDigestSettings(trx, partner_id);
  const addresses = [...(notify_email === null ? [] : [notify_email]), ...digest.recipients];
  const byAddress = new Map(addresses.map((email) => [email.toLowerCase(), email]));
  return [...byAddress.values()].map((email) => ({ email, language: digest.language }));
};

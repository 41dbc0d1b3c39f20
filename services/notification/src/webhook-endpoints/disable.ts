import { sql, type Transaction } from 'kysely';
import { hour } from '../delivery/backoff.ts';
import { type MailingDeps, queueEmails } from '../emails/emails.sql.ts';
import { eachOnce, type Recipient } from '../model/email.ts';
import { readDigestSettings } from '../model/settings.sql.ts';
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
  const { endpoint_id: endpointId, partner_id: partnerId, description } = endpoint;
  const at = deps.clock.now();
  const yesterday = new Date(at.getTime() - 24 * hour);
  const left = MOST_IN_DAY - (await countEmails(trx, partnerId, yesterday));
  const recipients = (await recipientsOf(trx, endpoint)).slice(0, Math.max(left, 0));
  const about = { eventId: deps.ids.ordered(), subject: 'webhook_disabled', customerId: null, partnerId } as const;
  const what = { endpointId, host: new URL(endpoint.url).host, description, reason, at };
  await queueEmails(
    trx,
    deps,
    recipients.map((to) => ({ ...about, to, content: disabledEmail(to.language, what) })),
  );
};

/** E-mails about disabled endpoints that an owner has been sent, or will be. @param partnerId null: Customer Success */
const countEmails = async (trx: Trx, partnerId: string | null, since: Date): Promise<number> => {
  const { count } = await trx
    .selectFrom('emails')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('subject', '=', 'webhook_disabled')
    .where('partner_id', 'is not distinct from', partnerId)
    .where('created_at', '>', since)
    .executeTakeFirstOrThrow();
  return count;
};

/** Each address once, in the language of the digests. */
const recipientsOf = async (trx: Trx, { partner_id, notify_email }: WebhookEndpointRow): Promise<Recipient[]> => {
  const { recipients, language } = await readDigestSettings(trx, partner_id);
  const addresses = [...(notify_email === null ? [] : [notify_email]), ...recipients];
  return eachOnce(addresses.map((email) => ({ email, name: '', language })));
};

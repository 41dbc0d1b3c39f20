import type { Language } from '@smartserver/contracts';
import type { Transaction } from 'kysely';
import { messageIdFor } from '../emails/email.ts';
import { countDisabledEmails, insertEmails } from '../emails/email-store.ts';
import type { MailingDeps } from '../emails/mailing-service.ts';
import { renderEmail } from '../emails/template.tsx';
import { readDigestSettings } from '../model/settings.ts';
import type { Tables } from '../model/tables.ts';
import type { WebhookEndpointRow } from '../model/webhook-endpoint.ts';
import { disabledEmail } from './disabled-email.ts';
import type { OnDisabled } from './outbound-store.ts';

/** Of one owner within a day: whoever switches an endpoint on again and again does not fill a mailbox that way. */
const MOST_IN_DAY = 20;
const DAY_MS = 24 * 3_600_000;

/**
 * Tells the owner of an endpoint that it was disabled, in the transaction that disabled it: once. Told are the address that is given
 * at the endpoint, and whoever gets the owner's digests.
 */
export const tellOwner =
  (deps: MailingDeps): OnDisabled =>
  async (trx, row, reason) => {
    const at = deps.clock.now();
    const since = new Date(at.getTime() - DAY_MS);
    const room = MOST_IN_DAY - (await countDisabledEmails(trx, row.partner_id, since));
    const recipients = (await recipientsOf(trx, row)).slice(0, Math.max(room, 0));
    const eventId = deps.ids.ordered();
    const about = {
      endpointId: row.endpoint_id,
      host: new URL(row.url).host,
      description: row.description,
      reason,
      at,
    };
    await insertEmails(
      trx,
      recipients.map(({ email, language }) => ({
        emailId: deps.ids.ordered(),
        customerId: null,
        partnerId: row.partner_id,
        eventId,
        subject: 'webhook_disabled',
        recipient: email,
        recipientName: '',
        language,
        messageId: messageIdFor(eventId, row.endpoint_id, email, deps.mailDomain),
        rendered: renderEmail(disabledEmail(language, about)),
        createdAt: at,
      })),
    );
  };

/** Each address once, in the language of the digests. */
const recipientsOf = async (
  trx: Transaction<Tables>,
  { partner_id, notify_email }: WebhookEndpointRow,
): Promise<{ email: string; language: Language }[]> => {
  const digest = await readDigestSettings(trx, partner_id);
  const addresses = [...(notify_email === null ? [] : [notify_email]), ...digest.recipients];
  const byAddress = new Map(addresses.map((email) => [email.toLowerCase(), email]));
  return [...byAddress.values()].map((email) => ({ email, language: digest.language }));
};

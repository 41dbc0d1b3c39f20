import { type RawBuilder, type SqlBool, sql, type Transaction } from 'kysely';
import type { Tables } from '../model/tables.ts';
import { findDigest, listSilences } from '../settings/settings-store.ts';
import { readAccounts } from './account-reader.ts';
import { accountRecipients, digestRecipients, type Recipient } from './recipients.ts';

type Trx = Transaction<Tables>;

/**
 * Takes back notices that are not sent yet, and cancels e-mails that are left without any. One that still says something true goes
 * as it was written. A notice that was taken back is not made again: its e-mail may just be on its way.
 */
const voidNotices = async (trx: Trx, untrue: RawBuilder<SqlBool>): Promise<void> => {
  const { rows } = await sql<{ email_id: string | null }>`
    update notices set void = true
    where not void and ${untrue} and (email_id is null or exists (
      select from emails where emails.email_id = notices.email_id and emails.outcome = 'pending'))
    returning email_id`.execute(trx);
  const emailIds = [...new Set(rows.flatMap((row) => row.email_id ?? []))];
  if (emailIds.length === 0) return;
  await sql`
    update emails set outcome = 'cancelled'
    where email_id = any(${emailIds}::uuid[]) and outcome = 'pending'
      and not exists (select from notices where notices.email_id = emails.email_id and not void)`.execute(trx);
};

/**
 * @param of.licenseIds licenses of which there is no end to tell any more
 * @param of.notRunning those whose beginning is not to be told either
 */
export const voidEnded = async (trx: Trx, of: { licenseIds: string[]; notRunning: string[] }): Promise<void> => {
  if (of.licenseIds.length === 0) return;
  await voidNotices(
    trx,
    sql`(license_id = any(${of.licenseIds}::uuid[])
      and (threshold is not null or license_id = any(${of.notRunning}::uuid[])))`,
  );
};

/** What one address would still be told of a partner's accounts, or in the digests of Customer Success (null). */
export const voidTo = (trx: Trx, partnerId: string | null, recipient: string): Promise<void> =>
  voidNotices(
    trx,
    sql`partner_id is not distinct from ${partnerId}::uuid and lower(recipient) = ${recipient.toLowerCase()}`,
  );

type Wanted = {
  recipients: readonly Recipient[];
  thresholds: readonly number[];
  expirations: boolean;
  renewals: boolean;
};

const unwanted = ({ recipients, thresholds, expirations, renewals }: Wanted): RawBuilder<SqlBool> => sql`(
  lower(recipient) <> all(${recipients.map(({ email }) => email.toLowerCase())}::text[])
  or (threshold is not null and (not ${expirations}::boolean or threshold <> all(${[...thresholds]}::integer[])))
  or (threshold is null and not ${renewals}::boolean))`;

/** What an account does not want any more, since its settings, its contacts or its silenced addresses have changed. */
export const voidUnwanted = async (trx: Trx, customerId: string): Promise<void> => {
  const account = (await readAccounts(trx, [customerId])).get(customerId);
  if (account === undefined) return;
  const { settings, contacts, silenced } = account;
  const wanted = { ...settings, recipients: accountRecipients(settings, contacts, silenced) };
  await voidNotices(trx, sql`customer_id = ${customerId} and audience = 'account' and ${unwanted(wanted)}`);
};

/** The same of the digests of a partner, or of Customer Success (null). */
export const voidUnwantedDigests = async (trx: Trx, partnerId: string | null): Promise<void> => {
  const settings = await findDigest(trx, partnerId);
  if (settings === undefined) return;
  const silences = await listSilences(trx, { partnerId, customerId: null });
  const wanted = { ...settings, recipients: digestRecipients(settings, new Set(silences.map(({ email }) => email))) };
  const audience = partnerId === null ? 'staff' : 'partner';
  await voidNotices(
    trx,
    sql`partner_id is not distinct from ${partnerId}::uuid and audience = ${audience} and ${unwanted(wanted)}`,
  );
};

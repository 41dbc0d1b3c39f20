import type { PutDigestSettingsRequest } from '@smartserver/contracts';
import { type RawBuilder, type SqlBool, sql, type Transaction } from 'kysely';
import type { Recipient } from '../model/email.ts';
import type { Tables } from '../model/tables.ts';
import { readAccounts } from './accounts.sql.ts';
import { readDigests } from './digests.sql.ts';

type Trx = Transaction<Tables>;

/**
 * Cancels notices that are not sent yet, and e-mails that are left without any. An e-mail that still says something true is sent as
 * it was written. A cancelled notice is not made again: its e-mail may be on its way in this moment.
 */
const cancelNotices = async (trx: Trx, which: RawBuilder<SqlBool>): Promise<void> => {
  const { rows } = await sql<{ email_id: string | null }>`
    update notices set void = true
    where not void and ${which} and (email_id is null or exists (
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
 * @param of.notEnding licenses of whose end there is to be no notice any more
 * @param of.notRunning those of whose beginning there is to be none either
 */
export const cancelEnded = async (trx: Trx, of: { notEnding: string[]; notRunning: string[] }): Promise<void> => {
  if (of.notEnding.length === 0) return;
  await cancelNotices(
    trx,
    sql`(license_id = any(${of.notEnding}::uuid[])
      and (threshold is not null or license_id = any(${of.notRunning}::uuid[])))`,
  );
};

/** All to one address: of a partner's accounts and digest, or of the digest of Customer Success (null). */
export const cancelNoticesTo = (trx: Trx, partnerId: string | null, recipient: string): Promise<void> =>
  cancelNotices(
    trx,
    sql`partner_id is not distinct from ${partnerId}::uuid and lower(recipient) = ${recipient.toLowerCase()}`,
  );

/** What an account does not want any more, after its settings, its contacts or its silenced addresses have changed. */
export const cancelUnwanted = async (trx: Trx, customerId: string): Promise<void> => {
  const account = (await readAccounts(trx, [{ customerId }])).get(customerId);
  if (account === undefined) return;
  const { settings, recipients } = account;
  await cancelNotices(
    trx,
    sql`customer_id = ${customerId} and audience = 'account' and ${unwanted(settings, recipients)}`,
  );
};

/** The same of the digest of a partner, or of Customer Success (null). */
export const cancelUnwantedDigests = async (trx: Trx, partnerId: string | null): Promise<void> => {
  const [digest] = await readDigests(trx, sql`where partner_id is not distinct from ${partnerId}::uuid`);
  if (digest === undefined) return;
  const { settings, recipients } = digest;
  const audience = partnerId === null ? 'staff' : 'partner';
  await cancelNotices(
    trx,
    sql`partner_id is not distinct from ${partnerId}::uuid and audience = ${audience} and ${unwanted(settings, recipients)}`,
  );
};

const unwanted = (
  { thresholds, expirations, renewals }: PutDigestSettingsRequest,
  recipients: readonly Recipient[],
): RawBuilder<SqlBool> => sql`(
  lower(recipient) <> all(${recipients.map(({ email }) => email.toLowerCase())}::text[])
  or (threshold is not null and (not ${expirations}::boolean or threshold <> all(${[...thresholds]}::integer[])))
  or (threshold is null and not ${renewals}::boolean))`;

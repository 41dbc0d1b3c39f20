import type { PutNotificationSettingsRequest } from '@smartserver/contracts';
import { type Kysely, sql } from 'kysely';
import type { Contact } from '../customers/customer.ts';
import type { Tables } from '../model/tables.ts';
import { DEFAULT_SETTINGS } from '../settings/settings.ts';

type Db = Kysely<Tables>;

/** Whom an account has told, and of what. */
export type TellingAccount = {
  customerId: string;
  partnerId: string;
  settings: PutNotificationSettingsRequest;
  contacts: Contact[];
  /** In lower case. */
  silenced: Set<string>;
};

/** Accounts with their settings. Ones that are not known here yet are missing: they have the defaults, and nobody to tell. */
export const readAccounts = async (db: Db, customerIds: readonly string[]): Promise<Map<string, TellingAccount>> => {
  const { rows } = await sql<{
    customer_id: string;
    partner_id: string;
    contacts: Contact[];
    settings: PutNotificationSettingsRequest | null;
    silenced: string[] | null;
  }>`
    select customers.customer_id, customers.partner_id, customers.contacts, to_jsonb(settings) as settings,
      (select array_agg(email) from silences
       where silences.partner_id = customers.partner_id
         and (silences.customer_id is null or silences.customer_id = customers.customer_id)) as silenced
    from customers left join notification_settings as settings using (customer_id)
    where customers.customer_id = any(${[...new Set(customerIds)]}::uuid[])`.execute(db);
  const accounts = rows.map((row): TellingAccount => {
    const { customer_id, partner_id, contacts, settings, silenced } = row;
    return {
      customerId: customer_id,
      partnerId: partner_id,
      settings: settings ?? DEFAULT_SETTINGS,
      contacts,
      silenced: new Set(silenced),
    };
  });
  return new Map(accounts.map((account) => [account.customerId, account]));
};

export const thresholdsOf = (account: TellingAccount | undefined): readonly number[] =>
  (account?.settings ?? DEFAULT_SETTINGS).thresholds;

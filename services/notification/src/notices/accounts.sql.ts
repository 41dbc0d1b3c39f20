import type { PutNotificationSettingsRequest } from '@smartserver/contracts';
import { type Kysely, sql } from 'kysely';
import type { Contact } from '../model/customer.ts';
import type { Recipient } from '../model/email.ts';
import { DEFAULT_SETTINGS } from '../model/settings.ts';
import type { Tables } from '../model/tables.ts';
import { accountRecipients } from './rule.ts';

/** An account with what its notices depend on. */
export type NoticeAccount = { settings: PutNotificationSettingsRequest; recipients: Recipient[] };

type Row = {
  customer_id: string;
  contacts: Contact[];
  settings: PutNotificationSettingsRequest | null;
  silenced: string[] | null;
};

/** Ones that are not known here yet are missing: nobody is known who could be notified. */
export const readAccounts = async (
  db: Kysely<Tables>,
  of: readonly { customerId: string | null }[],
): Promise<Map<string | null, NoticeAccount>> => {
  const customerIds = new Set(of.map(({ customerId }) => customerId));
  const { rows } = await sql<Row>`
    select customers.customer_id, customers.contacts, to_jsonb(settings) as settings,
      (select array_agg(email) from silences
       where silences.partner_id = customers.partner_id
         and (silences.customer_id is null or silences.customer_id = customers.customer_id)) as silenced
    from customers left join notification_settings as settings using (customer_id)
    where customers.customer_id = any(${[...customerIds]}::uuid[])`.execute(db);
  return new Map(
    rows.map(({ customer_id, contacts, settings, silenced }) => {
      const chosen = settings ?? DEFAULT_SETTINGS;
      return [customer_id, { settings: chosen, recipients: accountRecipients(chosen, contacts, new Set(silenced)) }];
    }),
  );
};

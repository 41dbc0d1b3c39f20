import type { PutDigestSettingsRequest } from '@smartserver/contracts';
import { type Kysely, type RawBuilder, sql } from 'kysely';
import type { Recipient } from '../model/email.ts';
import type { Tables } from '../model/tables.ts';
import type { Day } from './day.ts';
import { digestRecipients } from './rule.ts';

/** The digest of a partner over all its accounts, or of Customer Success over all partners. */
export type Digest = {
  /** Null: Customer Success's. */
  partnerId: string | null;
  /** The day up to which its notices were made. */
  doneThrough: Day;
  settings: PutDigestSettingsRequest;
  recipients: Recipient[];
};

type Row = Pick<Digest, 'partnerId' | 'doneThrough'> & PutDigestSettingsRequest & { silenced: string[] };

/** @param tail of the statement, from `where` on; the table is `digest_settings` */
export const readDigests = async (db: Kysely<Tables>, tail: RawBuilder<unknown>): Promise<Digest[]> => {
  const { rows } = await sql<Row>`
    select partner_id as "partnerId", told_through::text as "doneThrough", recipients, thresholds, expirations, renewals, language,
      coalesce((select array_agg(email) from silences
        where silences.partner_id is not distinct from digest_settings.partner_id and silences.customer_id is null), '{}') as silenced
    from digest_settings ${tail}`.execute(db);
  return rows.map(({ partnerId, doneThrough, silenced, ...settings }) => ({
    partnerId,
    doneThrough,
    settings,
    recipients: digestRecipients(settings, new Set(silenced)),
  }));
};

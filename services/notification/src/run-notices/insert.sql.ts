import { sql, type Transaction } from 'kysely';
import type { Recipient } from '../model/email.ts';
import type { AccountTerm } from '../model/maintenance-term.sql.ts';
import type { Tables } from '../model/tables.ts';
import type { Audience, Running } from '../notices/rule.ts';

export type NewNotice = {
  /** Its device count: of the devices that the notice is about. */
  term: Running<AccountTerm>;
  /** Days before expiry; null: that it has renewed another one. */
  threshold: number | null;
  audience: Audience;
  to: Recipient;
};

const AT_ONCE = 5_000;

/** Records notices, to be e-mailed. One of the same license, term, threshold and address is there once, ever. [domain.md rule 11] */
export const insertNotices = async (trx: Transaction<Tables>, notices: readonly NewNotice[]): Promise<void> => {
  for (let start = 0; start < notices.length; start += AT_ONCE) {
    const part = notices.slice(start, start + AT_ONCE);
    await sql`
      insert into notices (partner_id, license_id, expires_at, threshold, recipient, audience, customer_id, recipient_name,
        language, device_count)
      select * from unnest(
        ${part.map(({ term, audience }) => (audience === 'staff' ? null : term.partnerId))}::uuid[],
        ${part.map(({ term }) => term.licenseId)}::uuid[],
        ${part.map(({ term }) => term.expiresAt)}::timestamptz[],
        ${part.map(({ threshold }) => threshold)}::integer[],
        ${part.map(({ to }) => to.email)}::text[],
        ${part.map(({ audience }) => audience)}::text[],
        ${part.map(({ term }) => term.customerId)}::uuid[],
        ${part.map(({ to }) => to.name)}::text[],
        ${part.map(({ to }) => to.language)}::text[],
        ${part.map(({ term }) => term.deviceCount)}::integer[])
      on conflict do nothing`.execute(trx);
  }
};

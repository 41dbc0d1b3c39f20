import { sql, type Transaction } from 'kysely';
import type { Tables } from '../model/tables.ts';
import type { Recipient } from './recipients.ts';
import type { AccountTerm } from './term-reader.ts';

type Trx = Transaction<Tables>;

/** Something to tell somebody of a license. */
export type NewNotice = {
  term: AccountTerm & { expiresAt: Date };
  /** Days before expiry; null: that it has renewed another one. */
  threshold: number | null;
  deviceCount: number;
  audience: 'account' | 'partner' | 'staff';
  to: Recipient;
};

// Far below the 65,535 parameters of a statement: each column is one.
const AT_ONCE = 5_000;

/** Keeps notices to be told. One that was made before, for the same license, term, threshold and address, stays alone. [rule 11] */
export const insertNotices = async (trx: Trx, notices: readonly NewNotice[]): Promise<void> => {
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
        ${part.map(({ deviceCount }) => deviceCount)}::integer[])
      on conflict do nothing`.execute(trx);
  }
};

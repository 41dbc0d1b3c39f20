import { sql } from 'kysely';
import type { Deps } from '../deps.ts';
import { type AccountTerm, anyOf, selectTerms } from '../model/maintenance-term.sql.ts';
import { type NoticeAccount, readAccounts } from '../notices/accounts.sql.ts';
import type { Day } from '../notices/day.ts';
import { type Digest, readDigests } from '../notices/digests.sql.ts';
import { savePlans } from '../notices/plan.ts';
import { isNewRenewal, type Running } from '../notices/rule.ts';
import { queueWebhooks } from '../webhook-messages/queue.ts';
import { inKnownAccount } from './account-notices.ts';
import { insertNotices, type NewNotice } from './insert.sql.ts';
import { renewedWebhook } from './webhooks.ts';

const BATCH = 500;

/**
 * Makes the notices of maintenance that was renewed: one for each renewal and recipient, as soon as its term is dated.
 * @returns whether there may be more
 */
export const makeRenewalNotices = (
  { database, ...deps }: Pick<Deps, 'database' | 'clock' | 'ids'>,
  today: Day,
): Promise<boolean> =>
  database.kysely.transaction().execute(async (trx) => {
    const taken = (await selectTerms(trx)
      .where('renewal', '=', 'due')
      .where(inKnownAccount)
      .orderBy('license_id')
      .limit(BATCH)
      .forNoKeyUpdate()
      .skipLocked()
      .execute()) as AccountTerm[];
    if (taken.length === 0) return false;
    const terms = taken.filter((term) => isNewRenewal(term, today));
    const accounts = await readAccounts(trx, terms);
    const partnerIds = [...new Set(terms.map(({ partnerId }) => partnerId))];
    const wanting = sql`where renewals and (partner_id is null or partner_id = any(${partnerIds}::uuid[]))`;
    const digests = await readDigests(trx, wanting);
    await insertNotices(
      trx,
      terms.flatMap((term) => noticesOf(term, accounts.get(term.customerId), digests)),
    );
    const renewed = await trx
      .selectFrom('maintenance_terms')
      .select(['license_id', 'expires_at'])
      .where('license_id', '=', anyOf(terms.map(({ renews }) => renews)))
      .execute();
    const renewedUntil = new Map(renewed.map((row) => [row.license_id, row.expires_at]));
    await queueWebhooks(
      trx,
      deps,
      terms.map((term) => renewedWebhook(term, renewedUntil.get(term.renews) ?? null)),
    );
    await savePlans(
      trx,
      taken.map(({ licenseId, nextNoticeOn }) => ({ licenseId, nextNoticeOn, renewal: 'told' })),
    );
    return taken.length === BATCH;
  });

const noticesOf = (
  term: Running<AccountTerm>,
  account: NoticeAccount | undefined,
  digests: readonly Digest[],
): NewNotice[] => {
  const about = { term, threshold: null };
  const inAccount = account?.settings.renewals ? account.recipients : [];
  return [
    ...inAccount.map((to): NewNotice => ({ ...about, audience: 'account', to })),
    ...digests
      .filter((digest) => digest.partnerId === null || digest.partnerId === term.partnerId)
      .flatMap((digest) => {
        const audience = digest.partnerId === null ? 'staff' : 'partner';
        return digest.recipients.map((to): NewNotice => ({ ...about, audience, to }));
      }),
  ];
};

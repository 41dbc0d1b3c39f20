import { sql } from 'kysely';
import { queueWebhooks } from '../webhooks/fan-out-service.ts';
import type { NoticeDeps } from './account-notices-service.ts';
import { readAccounts, type TellingAccount } from './account-reader.ts';
import type { Day } from './day.ts';
import type { Digest } from './digest.ts';
import { digestsOfRenewals } from './digest-store.ts';
import { isNews, isRunning } from './notice.ts';
import { insertNotices, type NewNotice } from './notice-store.ts';
import { savePlans } from './plan-service.ts';
import { accountRecipients, digestRecipients } from './recipients.ts';
import { type AccountTerm, takeRenewals } from './term-reader.ts';
import { renewedWebhook } from './webhooks.ts';

const BATCH = 500;

/**
 * Makes what is to be told of maintenance that was renewed: once for each renewal, as soon as its term is dated.
 * @returns whether there may be more
 */
export const makeRenewalNotices = async ({ database, ...deps }: NoticeDeps, today: Day): Promise<boolean> =>
  database.kysely.transaction().execute(async (trx) => {
    const taken = await takeRenewals(trx, BATCH);
    if (taken.length === 0) return false;
    const terms = taken.filter((term) => isRunning(term) && isNews(term, today));
    const accounts = await readAccounts(
      trx,
      terms.map(({ customerId }) => customerId),
    );
    const digests = await digestsOfRenewals(
      trx,
      terms.map(({ partnerId }) => partnerId),
    );
    await insertNotices(
      trx,
      terms.flatMap((term) => noticesOf(term, accounts.get(term.customerId), digests)),
    );
    const { rows } = await sql<{ license_id: string; expires_at: Date | null }>`
      select license_id, expires_at from maintenance_terms
      where license_id = any(${terms.map(({ renews }) => renews)}::uuid[])`.execute(trx);
    const renewedUntil = new Map(rows.map((row) => [row.license_id, row.expires_at]));
    await queueWebhooks(
      trx,
      deps,
      terms.map((term) => renewedWebhook(term, renewedUntil.get(term.renews ?? '') ?? null)),
    );
    await savePlans(
      trx,
      taken.map(({ licenseId, nextNoticeOn }) => ({ licenseId, nextNoticeOn, renewal: 'told' })),
    );
    return taken.length === BATCH;
  });

const noticesOf = (term: AccountTerm, account: TellingAccount | undefined, digests: readonly Digest[]): NewNotice[] => {
  const { expiresAt, deviceCount, partnerId } = term;
  if (expiresAt === null || account === undefined) return [];
  const about = { term: { ...term, expiresAt }, threshold: null, deviceCount };
  const { settings, contacts, silenced } = account;
  const inAccount = settings.renewals ? accountRecipients(settings, contacts, silenced) : [];
  return [
    ...inAccount.map((to): NewNotice => ({ ...about, audience: 'account', to })),
    ...digests
      .filter((digest) => digest.partnerId === null || digest.partnerId === partnerId)
      .flatMap((digest) =>
        digestRecipients(digest, digest.silenced).map(
          (to): NewNotice => ({ ...about, audience: digest.partnerId === null ? 'staff' : 'partner', to }),
        ),
      ),
  ];
};

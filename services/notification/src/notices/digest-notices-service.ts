import type { Transaction } from 'kysely';
import type { Tables } from '../model/tables.ts';
import type { NoticeDeps } from './account-notices-service.ts';
import { addDays, type Day, later } from './day.ts';
import type { Digest } from './digest.ts';
import { setToldThrough, takeDueDigest } from './digest-store.ts';
import { dueThreshold, endingDevices, type Window } from './notice.ts';
import { insertNotices, type NewNotice } from './notice-store.ts';
import { digestRecipients, type Recipient } from './recipients.ts';
import { type AccountTerm, expiringTerms, renewalsOf } from './term-reader.ts';

const PAGE = 500;

/** After a longer downtime, what was due before is not told any more. */
const LONGEST_DAYS = 60;

/**
 * Makes what one partner, or Customer Success, is to be told in its digests up to today.
 * @returns whether there may be others
 */
export const makeDigestNotices = async ({ database }: NoticeDeps, today: Day): Promise<boolean> =>
  database.kysely.transaction().execute(async (trx) => {
    const digest = await takeDueDigest(trx, today);
    if (digest === undefined) return false;
    const to = digest.expirations ? digestRecipients(digest, digest.silenced) : [];
    if (to.length > 0) await makeNotices(trx, digest, to, today);
    await setToldThrough(trx, digest.partnerId, today);
    return true;
  });

const makeNotices = async (
  trx: Transaction<Tables>,
  digest: Digest,
  recipients: readonly Recipient[],
  today: Day,
): Promise<void> => {
  const window = { from: later(addDays(digest.toldThrough, 1), addDays(today, -LONGEST_DAYS)), to: today };
  const days = daysOfExpiry(digest.thresholds, window);
  let after: string | null = null;
  do {
    const terms: AccountTerm[] = await expiringTerms(trx, { partnerId: digest.partnerId, days, after, limit: PAGE });
    const renewals = await renewalsOf(
      trx,
      terms.map(({ licenseId }) => licenseId),
    );
    const notices = terms.flatMap((term): NewNotice[] => {
      const deviceCount = endingDevices(term, renewals(term.licenseId));
      const { expiresAt } = term;
      const threshold = expiresAt === null ? null : dueThreshold(expiresAt, digest.thresholds, window);
      if (deviceCount === 0 || expiresAt === null || threshold === null) return [];
      const audience = digest.partnerId === null ? 'staff' : 'partner';
      return recipients.map((to) => ({ term: { ...term, expiresAt }, threshold, deviceCount, audience, to }));
    });
    await insertNotices(trx, notices);
    after = terms.length < PAGE ? null : (terms.at(-1)?.licenseId ?? null);
  } while (after !== null);
};

/** Days of expiry for which one of the thresholds lies in the window. */
const daysOfExpiry = (thresholds: readonly number[], { from, to }: Window): Day[] => {
  const days = new Set<Day>();
  for (let day = from; day <= to; day = addDays(day, 1)) {
    for (const threshold of thresholds) days.add(addDays(day, threshold));
  }
  return [...days];
};

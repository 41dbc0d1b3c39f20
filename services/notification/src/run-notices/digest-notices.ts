import { sql, type Transaction } from 'kysely';
import type { Deps } from '../deps.ts';
import { type AccountTerm, renewalsOf, selectTerms } from '../model/maintenance-term.sql.ts';
import type { Tables } from '../model/tables.ts';
import { addDays, type Day, later } from '../notices/day.ts';
import { type Digest, readDigests } from '../notices/digests.sql.ts';
import { dueThreshold, endingDevices, isRunning, type Window } from '../notices/rule.ts';
import { insertNotices, type NewNotice } from './insert.sql.ts';

type Trx = Transaction<Tables>;

const PAGE = 500;

/** After a longer downtime there are no notices of what was due before. */
const LONGEST_DAYS = 60;

/**
 * Makes the notices of one digest, of a partner or of Customer Success, that are due up to today.
 * @returns whether there may be other digests
 */
export const makeDigestNotices = ({ database }: Pick<Deps, 'database'>, today: Day): Promise<boolean> =>
  database.kysely.transaction().execute(async (trx) => {
    // Another process, at the same time, takes others.
    const due = sql`where told_through < ${today}::date order by told_through limit 1 for no key update skip locked`;
    const [digest] = await readDigests(trx, due);
    if (digest === undefined) return false;
    if (digest.settings.expirations && digest.recipients.length > 0) await makeNotices(trx, digest, today);
    await sql`
      update digest_settings set told_through = ${today}::date
      where partner_id is not distinct from ${digest.partnerId}::uuid`.execute(trx);
    return true;
  });

const makeNotices = async (trx: Trx, { partnerId, doneThrough, settings, recipients }: Digest, today: Day) => {
  const { thresholds } = settings;
  const window = { from: later(addDays(doneThrough, 1), addDays(today, -LONGEST_DAYS)), to: today };
  const days = daysOfExpiry(thresholds, window);
  const audience = partnerId === null ? 'staff' : 'partner';
  let after: string | null = null;
  do {
    const terms: AccountTerm[] = await lockEndingTerms(trx, partnerId, days, after);
    const renewals = await renewalsOf(trx, terms);
    const notices = terms.flatMap((term): NewNotice[] => {
      const ending = { ...term, deviceCount: endingDevices(term, renewals(term.licenseId)) };
      if (ending.deviceCount === 0 || !isRunning(ending)) return [];
      const threshold = dueThreshold(ending.expiresAt, thresholds, window);
      return threshold === null ? [] : recipients.map((to) => ({ term: ending, threshold, audience, to }));
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

/** A page of the licenses on controllers that expire on one of the days: of a partner, or of all (null). */
const lockEndingTerms = (trx: Trx, partnerId: string | null, days: readonly Day[], after: string | null) =>
  selectTerms(trx)
    .where(sql<string>`(expires_at at time zone 'UTC')::date`, '=', sql<string>`any(${[...days]}::date[])`)
    .where('install_code', 'is not', null)
    .where('standing', '=', 'good')
    .$if(partnerId !== null, (query) => query.where('partner_id', '=', partnerId))
    .$if(after !== null, (query) => query.where('license_id', '>', after))
    .orderBy('license_id')
    .limit(PAGE)
    .forShare()
    .execute() as Promise<AccountTerm[]>;

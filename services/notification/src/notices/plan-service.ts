import { sql, type Transaction } from 'kysely';
import type { Tables } from '../model/tables.ts';
import { readAccounts, thresholdsOf } from './account-reader.ts';
import type { Day } from './day.ts';
import { endingDevices, hasRenewed, isRunning, nextNoticeDay } from './notice.ts';
import { type KnownTerm, lockTerms, renewalsOf } from './term-reader.ts';
import { voidEnded } from './void-service.ts';

type Trx = Transaction<Tables>;

type Plan = Pick<KnownTerm, 'licenseId' | 'nextNoticeOn' | 'renewal'>;

/**
 * Sets anew when there is something to tell of these licenses, and takes back what is no longer true, in the transaction of
 * whatever has changed them, their renewals, or the settings of their account.
 * @param from days before it are over: they come only to licenses that wait for them already
 */
export const replan = async (trx: Trx, licenseIds: readonly string[], from: Day): Promise<void> => {
  const terms = await lockTerms(trx, licenseIds);
  // What has no date yet has never been told.
  const dated = terms.filter(({ expiresAt }) => expiresAt !== null);
  if (dated.length === 0) return;
  const renewals = await renewalsOf(
    trx,
    dated.map(({ licenseId }) => licenseId),
  );
  const accounts = await readAccounts(
    trx,
    dated.flatMap(({ customerId }) => customerId ?? []),
  );
  const changed = dated.flatMap((term): Plan[] => {
    const thresholds = thresholdsOf(accounts.get(term.customerId ?? ''));
    const first = term.nextNoticeOn !== null && term.nextNoticeOn < from ? term.nextNoticeOn : from;
    const nextNoticeOn = nextNoticeDay(term, renewals(term.licenseId), thresholds, first);
    const renewal = term.renewal === 'untold' && hasRenewed(term) ? 'due' : term.renewal;
    const same = nextNoticeOn === term.nextNoticeOn && renewal === term.renewal;
    return same ? [] : [{ licenseId: term.licenseId, nextNoticeOn, renewal }];
  });
  await savePlans(trx, changed);
  const ending = dated.filter((term) => endingDevices(term, renewals(term.licenseId)) > 0);
  await voidEnded(trx, { licenseIds: except(dated, ending), notRunning: except(dated, dated.filter(isRunning)) });
};

const except = (terms: readonly KnownTerm[], others: readonly KnownTerm[]): string[] => {
  const left = new Set(terms);
  for (const other of others) left.delete(other);
  return [...left].map(({ licenseId }) => licenseId);
};

export const savePlans = async (trx: Trx, plans: readonly Plan[]): Promise<void> => {
  if (plans.length === 0) return;
  const column = (name: keyof Plan) => plans.map((plan) => plan[name]);
  await sql`
    update maintenance_terms set next_notice_on = plan.day, renewal = plan.renewal
    from unnest(${column('licenseId')}::uuid[], ${column('nextNoticeOn')}::date[], ${column('renewal')}::text[])
      as plan (license_id, day, renewal)
    where maintenance_terms.license_id = plan.license_id`.execute(trx);
};

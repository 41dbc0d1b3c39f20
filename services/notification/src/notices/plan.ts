import { sql, type Transaction } from 'kysely';
import { lockTerms, type MaintenanceTerm, renewalsOf } from '../model/maintenance-term.sql.ts';
import { DEFAULT_SETTINGS } from '../model/settings.ts';
import type { Tables } from '../model/tables.ts';
import { readAccounts } from './accounts.sql.ts';
import { cancelEnded } from './cancel.ts';
import type { Day } from './day.ts';
import { endingDevices, hasRenewed, isRunning, nextNoticeDay } from './rule.ts';

type Trx = Transaction<Tables>;

/** When the run looks at a license: on a day, for the notice of its end; at once, for the notice that it renews another one. */
type Plan = Pick<MaintenanceTerm, 'licenseId' | 'nextNoticeOn' | 'renewal'>;

/**
 * Plans the notices of these licenses, and cancels those that are no longer true, in the transaction of whatever has changed the
 * licenses, their renewals, or the settings of their account.
 * @param from days before it are over: they come only to licenses that wait for them already
 */
export const replan = async (trx: Trx, licenseIds: readonly string[], from: Day): Promise<void> => {
  const terms = await lockTerms(trx, licenseIds);
  // There has never been a notice of what has no date yet.
  const dated = terms.filter(({ expiresAt }) => expiresAt !== null);
  if (dated.length === 0) return;
  const renewals = await renewalsOf(trx, dated);
  const accounts = await readAccounts(trx, dated);
  const changed = dated.flatMap((term): Plan[] => {
    const { thresholds } = accounts.get(term.customerId)?.settings ?? DEFAULT_SETTINGS;
    const first = term.nextNoticeOn !== null && term.nextNoticeOn < from ? term.nextNoticeOn : from;
    const nextNoticeOn = nextNoticeDay(term, renewals(term.licenseId), thresholds, first);
    const renewal = term.renewal === 'untold' && hasRenewed(term) ? 'due' : term.renewal;
    const same = nextNoticeOn === term.nextNoticeOn && renewal === term.renewal;
    return same ? [] : [{ licenseId: term.licenseId, nextNoticeOn, renewal }];
  });
  await savePlans(trx, changed);
  const idsOf = (some: readonly MaintenanceTerm[]) => some.map(({ licenseId }) => licenseId);
  await cancelEnded(trx, {
    notEnding: idsOf(dated.filter((term) => endingDevices(term, renewals(term.licenseId)) === 0)),
    notRunning: idsOf(dated.filter((term) => !isRunning(term))),
  });
};

/** The same for all licenses of an account that are on controllers. */
export const replanAccount = async (trx: Trx, customerId: string, from: Day): Promise<void> => {
  const rows = await trx
    .selectFrom('maintenance_terms')
    .select('license_id')
    .where('customer_id', '=', customerId)
    .where('install_code', 'is not', null)
    .execute();
  await replan(
    trx,
    rows.map((row) => row.license_id),
    from,
  );
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

import type { Recipient } from '../model/email.ts';
import type { AccountTerm, MaintenanceTerm } from '../model/maintenance-term.sql.ts';
import type { NoticeAccount } from '../notices/accounts.sql.ts';
import { type Day, dayOf, later } from '../notices/day.ts';
import type { Digest } from '../notices/digests.sql.ts';
import { type Audience, dueThreshold, endingDevices } from '../notices/rule.ts';

/** A license with a notice to come for one audience, and the first day of it. */
export type Planned = { term: AccountTerm & { expiresAt: Date }; audience: Audience; day: Day };

export type PlannedNotice = Planned & {
  /** Not before today, however long it has been due. */
  dueOn: Day;
  to: Recipient;
};

export type PlanFacts = {
  today: Day;
  accounts: ReadonlyMap<string | null, NoticeAccount>;
  /** Of partners, and of Customer Success (null). */
  digests: ReadonlyMap<string | null, Digest>;
  renewals: (licenseId: string) => readonly MaintenanceTerm[];
  /** The notices that were made already, by `madeKey`. */
  made: ReadonlySet<string>;
};

export const madeKey = (licenseId: string, expiresAt: Date, threshold: number | null, email: string): string =>
  `${licenseId} ${expiresAt.toISOString()} ${threshold} ${email.toLowerCase()}`;

/** A place in the list: days, License IDs and addresses compare as their texts do. */
export const keyOf = ({ day, term, to }: PlannedNotice): string => `${day} ${term.licenseId} ${to.email.toLowerCase()}`;

/** The notices, in the order of their keys: of several on one day about one license an address gets the account's own. Pure. */
export const plannedNotices = (planned: readonly Planned[], facts: PlanFacts): PlannedNotice[] => {
  const notices = new Map<string, PlannedNotice>();
  for (const audience of ['account', 'partner', 'staff']) {
    for (const plan of planned) {
      if (plan.audience !== audience) continue;
      for (const notice of noticesOf(plan, facts)) {
        if (!notices.has(keyOf(notice))) notices.set(keyOf(notice), notice);
      }
    }
  }
  return [...notices.values()].toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
};

const noticesOf = (plan: Planned, facts: PlanFacts): PlannedNotice[] => {
  const { term, audience, day } = plan;
  const { licenseId, expiresAt } = term;
  const of =
    audience === 'account'
      ? facts.accounts.get(term.customerId)
      : facts.digests.get(audience === 'staff' ? null : term.partnerId);
  if (!of?.settings.expirations || endingDevices(term, facts.renewals(licenseId)) === 0) return [];
  const dueOn = later(day, facts.today);
  const threshold = dueThreshold(expiresAt, of.settings.thresholds, { from: day, to: dueOn });
  if (threshold === null) return [];
  return of.recipients
    .filter(({ email }) => !facts.made.has(madeKey(licenseId, expiresAt, threshold, email)))
    .map((to) => ({ ...plan, dueOn, to }));
};

/** Where licenses are read from: this place, and all after it. */
export type Place = { day: Day; licenseId: string };

export const placeOf = ({ day, term }: Planned): Place => ({ day, licenseId: term.licenseId });

export const isBefore = (a: Place, b: Place): boolean =>
  a.day < b.day || (a.day === b.day && a.licenseId < b.licenseId);

const KEY = /^(2\d{3}-\d\d-\d\d) ([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}) \S/;

/** Null: no key of this list. */
export const placeOfKey = (key: string): Place | null => {
  const [, day = '', licenseId = ''] = KEY.exec(key) ?? [];
  const date = new Date(day);
  return Number.isNaN(date.getTime()) || dayOf(date) !== day ? null : { day, licenseId };
};

export const FIRST_PLACE: Place = { day: '2000-01-01', licenseId: '00000000-0000-0000-0000-000000000000' };

import type { TellingAccount } from '../notices/account-reader.ts';
import { type Day, dayOf, later } from '../notices/day.ts';
import type { Digest } from '../notices/digest.ts';
import { dueThreshold, endingDevices, type Term } from '../notices/notice.ts';
import { accountRecipients, digestRecipients, type Recipient } from '../notices/recipients.ts';
import type { AccountTerm } from '../notices/term-reader.ts';

/** A license of which something is to be told, to those of one kind, and the first day on which it is. */
export type Planned = { term: AccountTerm & { expiresAt: Date }; audience: 'account' | 'partner' | 'staff'; day: Day };

export type PlannedNotice = Planned & {
  /** Not before today, however long it has been due. */ dueOn: Day;
  to: Recipient;
};

export type PlanFacts = {
  today: Day;
  accounts: ReadonlyMap<string, TellingAccount>;
  /** Of partners, and of Customer Success (null). */
  digests: ReadonlyMap<string | null, Digest>;
  renewals: (licenseId: string) => readonly Term[];
  /** What was told already, by `madeKey`. */
  made: ReadonlySet<string>;
};

export const madeKey = (licenseId: string, expiresAt: Date, threshold: number, email: string): string =>
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
  const { term, day } = plan;
  const { licenseId, expiresAt } = term;
  const told = toldOf(plan, facts);
  if (told === null || endingDevices(term, facts.renewals(licenseId)) === 0) return [];
  const dueOn = later(day, facts.today);
  const threshold = dueThreshold(expiresAt, told.thresholds, { from: day, to: dueOn });
  if (threshold === null) return [];
  return told.recipients
    .filter(({ email }) => !facts.made.has(madeKey(licenseId, expiresAt, threshold, email)))
    .map((to) => ({ ...plan, dueOn, to }));
};

/** Null: nobody, or not of what expires. */
const toldOf = ({ term, audience }: Planned, { accounts, digests }: PlanFacts) => {
  if (audience === 'account') {
    const account = accounts.get(term.customerId);
    if (account === undefined || !account.settings.expirations) return null;
    const { settings, contacts, silenced } = account;
    return { thresholds: settings.thresholds, recipients: accountRecipients(settings, contacts, silenced) };
  }
  const digest = digests.get(audience === 'staff' ? null : term.partnerId);
  if (digest === undefined || !digest.expirations) return null;
  return { thresholds: digest.thresholds, recipients: digestRecipients(digest, digest.silenced) };
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

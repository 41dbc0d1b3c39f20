import type { PutDigestSettingsRequest, PutNotificationSettingsRequest } from '@smartserver/contracts';
import type { Contact } from '../model/customer.ts';
import { eachOnce, type Recipient } from '../model/email.ts';
import type { MaintenanceTerm } from '../model/maintenance-term.sql.ts';
import { addDays, type Day, dayOf } from './day.ts';

/*
 * Who is e-mailed about maintenance, and when [domain.md rule 11]. Pure: the run makes notices by it, the list of scheduled
 * notifications foresees them by it.
 */

/** Whose notice it is: an account's own, or one of the digest of its partner, or of Customer Success. */
export type Audience = 'account' | 'partner' | 'staff';

/** What the end of a license depends on. */
type Ending = Pick<MaintenanceTerm, 'deviceCount' | 'standing' | 'installCode' | 'expiresAt'>;

/** Days of which notices are to be made, both included. */
export type Window = { from: Day; to: Day };

export type Running<T> = T & { installCode: string; expiresAt: Date };

/** Only of a term that runs on a controller there are notices: none of what was revoked, suspended, returned or never activated. */
export const isRunning = <T extends Ending>(term: T): term is Running<T> =>
  term.standing === 'good' && term.installCode !== null && term.expiresAt !== null;

/** For how many devices maintenance ends with this license: not for those of renewals that run on the same controller. */
export const endingDevices = (term: Ending, renewals: readonly Ending[]): number => {
  if (!isRunning(term)) return 0;
  const renewed = renewals
    .filter((renewal) => isRunning(renewal) && renewal.installCode === term.installCode)
    .reduce((devices, renewal) => devices + renewal.deviceCount, 0);
  return Math.max(0, term.deviceCount - renewed);
};

/**
 * The threshold of the notice that is due: of those whose day is in the window the nearest to expiry, so that after a downtime there
 * is one notice, not all. Null: none.
 */
export const dueThreshold = (expiresAt: Date, thresholds: readonly number[], { from, to }: Window): number | null => {
  const due = thresholds.filter((days) => {
    const day = addDays(dayOf(expiresAt), -days);
    return from <= day && day <= to;
  });
  return due.length === 0 ? null : Math.min(...due);
};

/** No threshold of e-mails: the day after, on which a license has surely expired and webhooks say so. */
const DAY_AFTER = -1;

export const hasJustExpired = (expiresAt: Date, window: Window): boolean =>
  dueThreshold(expiresAt, [DAY_AFTER], window) !== null;

/** The first day, not before `from`, on which there may be a notice of the end of a license; null: there will be none. */
export const nextNoticeDay = (
  term: Ending,
  renewals: readonly Ending[],
  thresholds: readonly number[],
  from: Day,
): Day | null => {
  if (term.expiresAt === null || endingDevices(term, renewals) === 0) return null;
  const expiresOn = dayOf(term.expiresAt);
  const days = [...thresholds, DAY_AFTER].map((threshold) => addDays(expiresOn, -threshold));
  return days.filter((day) => day >= from).toSorted()[0] ?? null;
};

/** Whether this license has renewed another one. A part of a split has not: the whole had. */
export const hasRenewed = (
  term: Pick<MaintenanceTerm, 'renews' | 'expiresAt' | 'firstMovedAt' | 'firstActivatedAt'>,
): boolean => {
  const { renews, expiresAt, firstMovedAt, firstActivatedAt } = term;
  const isDated = renews !== null && expiresAt !== null && firstMovedAt !== null;
  return isDated && (firstActivatedAt === null || firstMovedAt <= firstActivatedAt);
};

const RECENT_DAYS = 30;

/** Whether there is to be a notice of a renewal: not of one that happened long ago, and whose event arrives only now. */
export const isNewRenewal = <T extends Ending & Pick<MaintenanceTerm, 'renews' | 'firstMovedAt'>>(
  term: T,
  today: Day,
): term is Running<T> & { renews: string; firstMovedAt: Date } =>
  isRunning(term) &&
  term.renews !== null &&
  term.firstMovedAt !== null &&
  addDays(dayOf(term.firstMovedAt), RECENT_DAYS) >= today;

/**
 * Who gets the notices of an account: its contacts, each in its own language, and the further addresses; each once, whatever the case.
 * @param silenced addresses that get none, in lower case
 */
export const accountRecipients = (
  settings: Pick<PutNotificationSettingsRequest, 'contacts' | 'recipients' | 'language'>,
  contacts: readonly Contact[],
  silenced: ReadonlySet<string>,
): Recipient[] => eachOnce([...(settings.contacts ? contacts : []), ...addressesOf(settings)], silenced);

/** Who gets the digest of a partner, or of Customer Success. */
export const digestRecipients = (
  settings: Pick<PutDigestSettingsRequest, 'recipients' | 'language'>,
  silenced: ReadonlySet<string>,
): Recipient[] => eachOnce(addressesOf(settings), silenced);

const addressesOf = ({ recipients, language }: Pick<PutDigestSettingsRequest, 'recipients' | 'language'>) =>
  recipients.map((email) => ({ email, name: '', language }));

import type { LicenseStanding } from '@smartserver/contracts';
import { addDays, type Day, dayOf } from './day.ts';

/** What is known of a maintenance license. */
export type Term = {
  licenseId: string;
  deviceCount: number;
  standing: LicenseStanding;
  /** Null: on no controller. */
  installCode: string | null;
  /** Null: its term has not been dated yet. */
  expiresAt: Date | null;
};

/** A term that runs on a controller: only of such a one there is something to tell. */
export type RunningTerm = Term & { installCode: string; expiresAt: Date };

/** A license that may renew another one. `firstMovedAt`: its first known activation. */
export type Renewal = Term & {
  renews: string | null;
  firstMovedAt: Date | null;
  /** When its term began, if it began with another license's: a split has handed it on. */
  firstActivatedAt: Date | null;
};

/** Days of which notices are to be made, both included. */
export type Window = { from: Day; to: Day };

export const isRunning = (term: Term): term is RunningTerm =>
  term.standing === 'good' && term.installCode !== null && term.expiresAt !== null;

/**
 * For how many devices maintenance ends with this license: not for those that renewals go on with, which are active on the same
 * controller. 0: there is nothing to tell, and nothing for whoever has revoked, suspended, returned or not activated it.
 */
export const endingDevices = (term: Term, renewals: readonly Term[]): number => {
  if (!isRunning(term)) return 0;
  const renewed = renewals
    .filter((renewal) => isRunning(renewal) && renewal.installCode === term.installCode)
    .reduce((devices, renewal) => devices + renewal.deviceCount, 0);
  return Math.max(0, term.deviceCount - renewed);
};

/**
 * The threshold to tell, of those whose day is in the window: the nearest to expiry, so that after a downtime one is told, not all
 * [domain.md rule 11]. Null: none.
 */
export const dueThreshold = (expiresAt: Date, thresholds: readonly number[], { from, to }: Window): number | null => {
  const due = thresholds.filter((days) => {
    const day = addDays(dayOf(expiresAt), -days);
    return from <= day && day <= to;
  });
  return due.length === 0 ? null : Math.min(...due);
};

/** Not a threshold of anybody's e-mails: the day after, on which a license has surely expired and webhooks say so. */
const DAY_AFTER = -1;

export const hasJustExpired = (expiresAt: Date, window: Window): boolean =>
  dueThreshold(expiresAt, [DAY_AFTER], window) !== null;

/** The first day, not before `from`, on which there may be something to tell of a license; null: none is to come. */
export const nextNoticeDay = (
  term: Term,
  renewals: readonly Term[],
  thresholds: readonly number[],
  from: Day,
): Day | null => {
  if (term.expiresAt === null || endingDevices(term, renewals) === 0) return null;
  const expiresOn = dayOf(term.expiresAt);
  const days = [...thresholds, DAY_AFTER].map((threshold) => addDays(expiresOn, -threshold));
  return days.filter((day) => day >= from).toSorted()[0] ?? null;
};

/** Whether this license has renewed another one. A part of a split has not: the whole had. */
export const hasRenewed = ({ renews, expiresAt, firstMovedAt, firstActivatedAt }: Renewal): boolean =>
  renews !== null &&
  expiresAt !== null &&
  firstMovedAt !== null &&
  (firstActivatedAt === null || firstMovedAt <= firstActivatedAt);

const NEWS_DAYS = 30;

/** What happened long ago, and is heard of only now, is no news. */
export const isNews = (renewal: Renewal, today: Day): boolean =>
  renewal.firstMovedAt !== null && addDays(dayOf(renewal.firstMovedAt), NEWS_DAYS) >= today;

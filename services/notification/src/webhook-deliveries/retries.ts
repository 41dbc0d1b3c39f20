import { hour, jittered, minute, second } from '../delivery/backoff.ts';

/**
 * Milliseconds from one failed attempt to the next: ten attempts within three days, also where chance makes each wait the longest.
 * [Standard Webhooks, "Retries"]
 */
const DELAYS: readonly number[] = [
  5 * second,
  5 * minute,
  30 * minute,
  2 * hour,
  5 * hour,
  10 * hour,
  14 * hour,
  18 * hour,
  18 * hour,
];

/** A receiver that asks for more time is given it, up to a day. */
const LONGEST_RETRY_AFTER = 24 * hour;

/** Least and most of a delay that is waited, so that what failed together does not come back together. */
const JITTER = { least: 0.9, most: 1.05 };

/**
 * When the next attempt is due.
 * @param failures attempts that have failed so far, from 1 on
 * @param retryAfterMs what the receiver has asked for
 * @param random from 0 to 1
 * @returns milliseconds; null: that was the last one
 */
export const nextDelay = (failures: number, retryAfterMs: number | null, random: number): number | null => {
  const planned = DELAYS[failures - 1];
  if (planned === undefined) return null;
  return Math.round(Math.max(jittered(planned, JITTER, random), Math.min(retryAfterMs ?? 0, LONGEST_RETRY_AFTER)));
};

/** `Retry-After` (RFC 9110, 10.2.3): seconds or a date. @returns milliseconds, null for what makes no sense */
export const readRetryAfter = (header: string | null, now: Date): number | null => {
  if (header === null) return null;
  if (/^\d{1,9}$/.test(header)) return Number(header) * second;
  const at = /^[A-Z][a-z]{2}, /.test(header) ? Date.parse(header) : Number.NaN;
  return Number.isNaN(at) ? null : Math.max(0, at - now.getTime());
};

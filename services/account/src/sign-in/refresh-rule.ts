import type { SessionRow } from '../model/session.ts';

/** A sign-in that is not refreshed ends after this many seconds. */
const IDLE_SECONDS = 12 * 60 * 60;
/** … and every one after this many. */
const LONGEST_SECONDS = 7 * 24 * 60 * 60;

/**
 * Seconds in which a refresh token that was just replaced still yields its successor. Two tabs of one browser refresh at the
 * same moment, and an answer can be lost: neither is a theft. A thief gains nothing from it: whichever of the two comes later
 * than this with a replaced token ends the session for both.
 */
const GRACE_SECONDS = 10;

const later = (instant: Date, seconds: number): Date => new Date(instant.getTime() + seconds * 1000);

/** Times of a session that begins now. */
export const timesOfNewSession = (now: Date): { expires_at: Date; ends_at: Date } => ({
  expires_at: later(now, IDLE_SECONDS),
  ends_at: later(now, LONGEST_SECONDS),
});

export const expiryAfterRefresh = ({ ends_at }: SessionRow, now: Date): Date => {
  const idle = later(now, IDLE_SECONDS);
  return idle < ends_at ? idle : ends_at;
};

/** What becomes of a session when a refresh token of it comes in. */
export type RefreshDecision =
  /** The next generation replaces the token. */
  | 'rotate'
  /** Replaced a moment ago: hand out the successor again. */
  | 'repeat'
  /** The session is over. */
  | 'refuse'
  /** A token that was replaced long ago: there is a copy of it, so the session ends. */
  | 'end';

/** @param generation of the token that came in */
export const decideRefresh = (session: SessionRow, generation: number, now: Date): RefreshDecision => {
  if (session.ended_at !== null || session.expires_at <= now) return 'refuse';
  if (generation === session.generation) return 'rotate';
  const isPredecessor = generation === session.generation - 1;
  return isPredecessor && now <= later(session.rotated_at, GRACE_SECONDS) ? 'repeat' : 'end';
};

import type { RefreshTokenName } from './refresh-token.ts';
import type { SessionSubject } from './session-subject.ts';

/** A sign-in that nobody refreshes ends after this many seconds. */
const IDLE_SECONDS = 12 * 60 * 60;
/** … and every one after this many. */
const LONGEST_SECONDS = 7 * 24 * 60 * 60;

/**
 * Seconds in which a refresh token that was just replaced still yields its successor. Two tabs of one browser refresh at the
 * same moment, and an answer can be lost: neither is a theft. A thief gains nothing from it: whoever of the two comes later
 * than this with a replaced token ends the session for both.
 */
const GRACE_SECONDS = 10;

export type Session = {
  sessionId: string;
  subject: SessionSubject;
  generation: number;
  rotatedAt: Date;
  expiresAt: Date;
  endsAt: Date;
  endedAt: Date | null;
};

const later = (instant: Date, seconds: number): Date => new Date(instant.getTime() + seconds * 1000);
const earlier = (a: Date, b: Date): Date => (a < b ? a : b);

/** Times of a session that begins now. */
export const timesOfNewSession = (now: Date): { expiresAt: Date; endsAt: Date } => ({
  expiresAt: later(now, IDLE_SECONDS),
  endsAt: later(now, LONGEST_SECONDS),
});

export const expiryAfterRefresh = (session: Session, now: Date): Date =>
  earlier(later(now, IDLE_SECONDS), session.endsAt);

/** What becomes of a session when a refresh token of it comes in. */
export type RefreshDecision =
  /** The next generation replaces the token. */
  | 'rotate'
  /** Replaced a moment ago: hand out the successor again. */
  | 'repeat'
  /** The session is over. */
  | 'refuse'
  /** A token that was replaced long ago: somebody has a copy, so the session ends. */
  | 'end';

export const decideRefresh = (session: Session, token: RefreshTokenName, now: Date): RefreshDecision => {
  if (session.endedAt !== null || session.expiresAt <= now) return 'refuse';
  if (token.generation === session.generation) return 'rotate';
  const isPredecessor = token.generation === session.generation - 1;
  return isPredecessor && now <= later(session.rotatedAt, GRACE_SECONDS) ? 'repeat' : 'end';
};

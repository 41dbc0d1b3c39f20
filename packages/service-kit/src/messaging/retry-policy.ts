import { ProblemError } from '../http/problems.ts';
import { isUnavailable } from '../http/unavailable.ts';
import type { IncomingMessage, Outcome } from './message.ts';
import { NotYet } from './not-yet.ts';

/** A message that is wrong, or meets a wrong program, fails this often (in about half a minute) before it is a dead letter. */
export const FAILURES_ALLOWED = 8;
const FAILURE_DELAY_MS = { first: 200, longest: 15_000 };

/** A missing earlier fact may be on its way for as long as its service is down: days. */
export const DELIVERIES_ALLOWED_FOR_NOT_YET = 5_000;
const NOT_YET_DELAY_MS = { first: 100, longest: 60_000 };

/** An outage never makes a dead letter, however long it is. */
const UNAVAILABLE_DELAY_MS = { first: 200, longest: 15_000 };

/** What becomes of a message whose handler threw. */
export const outcomeOf = (error: unknown, message: Pick<IncomingMessage, 'failures' | 'deliveries'>): Outcome => {
  const text = describe(error);
  if (isUnavailable(error) || (error instanceof ProblemError && error.code === 'unavailable')) {
    return { kind: 'later', delayMs: backoff(UNAVAILABLE_DELAY_MS, message.deliveries) };
  }
  if (error instanceof NotYet) {
    return message.deliveries < DELIVERIES_ALLOWED_FOR_NOT_YET
      ? { kind: 'later', delayMs: backoff(NOT_YET_DELAY_MS, message.deliveries) }
      : { kind: 'dead', error: text };
  }
  return message.failures + 1 < FAILURES_ALLOWED
    ? { kind: 'failed', delayMs: backoff(FAILURE_DELAY_MS, message.failures + 1), error: text }
    : { kind: 'dead', error: text };
};

/** Doubles with each time, up to the longest. */
const backoff = ({ first, longest }: { first: number; longest: number }, times: number): number =>
  Math.min(first * 2 ** Math.min(Math.max(times, 1) - 1, 20), longest);

/**
 * A text that may lie in queues and tables: a database's message quotes values, so only its code and the rule that was broken
 * are named.
 */
export const describe = (error: unknown): string => {
  if (!(error instanceof Error)) return 'something that is no Error was thrown';
  if (error instanceof ProblemError) return `problem ${error.code}`;
  const { code, constraint } = error as Error & { code?: unknown; constraint?: unknown };
  if (typeof code === 'string') {
    return `${error.name} ${code}${typeof constraint === 'string' ? ` (${constraint})` : ''}`;
  }
  return `${error.name}: ${error.message}`.slice(0, 300);
};

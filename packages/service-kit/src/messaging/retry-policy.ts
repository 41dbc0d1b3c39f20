import { ProblemError } from '../http/problems.ts';
import { isUnavailable } from '../http/unavailable.ts';
import { isError } from '../is-error.ts';
import type { IncomingMessage, Outcome } from './message.ts';
import { RetryLater } from './retry-later.ts';

/** Milliseconds: the pause after the first time, doubled with each further one, up to the longest. */
type Pauses = { firstMs: number; longestMs: number };

export type RetryPolicy = {
  /** A message that is wrong, or meets a wrong program, fails this often before it is a dead letter. */
  failuresAllowed: number;
  failure: Pauses;
  /** A missing earlier fact may be on its way for as long as its service is down. */
  deliveriesAllowedForRetryLater: number;
  retryLater: Pauses;
  /** An outage never makes a dead letter, however long it is. */
  unavailable: Pauses;
};

/** Poison: half a minute. A missing fact: three days. */
export const RETRY_POLICY: RetryPolicy = {
  failuresAllowed: 8,
  failure: { firstMs: 200, longestMs: 15_000 },
  deliveriesAllowedForRetryLater: 4_300,
  retryLater: { firstMs: 100, longestMs: 60_000 },
  unavailable: { firstMs: 200, longestMs: 15_000 },
};

/** What becomes of a message whose handler threw. */
export const outcomeOf = (
  error: unknown,
  message: Pick<IncomingMessage, 'failures' | 'deliveries'>,
  policy: RetryPolicy = RETRY_POLICY,
): Outcome => {
  const text = describe(error);
  if (isUnavailable(error) || (error instanceof ProblemError && error.code === 'unavailable')) {
    return { kind: 'later', delayMs: pauseAfter(message.deliveries, policy.unavailable) };
  }
  if (error instanceof RetryLater) {
    return message.deliveries < policy.deliveriesAllowedForRetryLater
      ? { kind: 'later', delayMs: pauseAfter(message.deliveries, policy.retryLater) }
      : { kind: 'dead', error: text };
  }
  const failures = message.failures + 1;
  return failures < policy.failuresAllowed
    ? { kind: 'failed', delayMs: pauseAfter(failures, policy.failure), error: text }
    : { kind: 'dead', error: text };
};

/** When a parcel comes again that none of its messages is to blame for. */
export const pauseOfOutage = (deliveries: number, policy: RetryPolicy = RETRY_POLICY): number =>
  pauseAfter(deliveries, policy.unavailable);

/** What may be wrong with one event's statements: a time-out, a lock that was not to be had, two who wait for each other. */
const OF_ONE = new Set(['57014', '55P03', '40001', '40P01']);

/** Whether whoever comes next will fail alike: the database is not there. */
export const isAway = (error: unknown): boolean =>
  isUnavailable(error) && !(isError(error) && OF_ONE.has(String(error.code)));

const pauseAfter = (times: number, { firstMs, longestMs }: Pauses): number =>
  Math.min(firstMs * 2 ** Math.min(Math.max(times, 1) - 1, 20), longestMs);

/**
 * A text that may lie in queues and tables: a database's message quotes values, so only its code and the rule that was broken
 * are named.
 */
export const describe = (error: unknown): string => {
  if (!isError(error)) return 'something that is no Error was thrown';
  if (error instanceof ProblemError) return `problem ${error.code}`;
  const { code, constraint } = error as typeof error & { constraint?: unknown };
  if (typeof code === 'string') {
    return `${error.name} ${code}${typeof constraint === 'string' ? ` (${constraint})` : ''}`;
  }
  return `${error.name}: ${error.message}`.slice(0, 300);
};

import { ProblemError } from '../http/problems.ts';
import { isUnavailable } from '../http/unavailable.ts';
import { isError } from '../is-error.ts';
import type { IsolatedMessage, Outcome } from './batch.ts';
import { RetryLater } from './handlers.ts';

/** Milliseconds: the delay after the first time, doubled with each further one, up to the longest. */
type Delays = { firstMs: number; longestMs: number };

export type RetryPolicy = {
  /** A message that is wrong, or meets a wrong program, fails this often before it is a dead letter. */
  failuresAllowed: number;
  failure: Delays;
  /** A missing earlier fact may be on its way for as long as its service is down. */
  deliveriesAllowedForRetryLater: number;
  retryLater: Delays;
  /** An outage never makes a dead letter, however long it is. */
  unavailable: Delays;
};

/** Poison: half a minute. A missing fact: three days. */
export const RETRY_POLICY: RetryPolicy = {
  failuresAllowed: 8,
  failure: { firstMs: 200, longestMs: 15_000 },
  deliveriesAllowedForRetryLater: 4_300,
  retryLater: { firstMs: 100, longestMs: 60_000 },
  unavailable: { firstMs: 200, longestMs: 15_000 },
};

/** The outcome for a message whose handler threw. */
export const outcomeOf = (
  error: unknown,
  message: Pick<IsolatedMessage, 'failures' | 'deliveries'>,
  policy: RetryPolicy = RETRY_POLICY,
): Outcome => {
  const text = describe(error);
  if (isUnavailable(error) || (error instanceof ProblemError && error.code === 'unavailable')) {
    return { kind: 'later', delayMs: delayAfter(message.deliveries, policy.unavailable) };
  }
  if (error instanceof RetryLater) {
    return message.deliveries < policy.deliveriesAllowedForRetryLater
      ? { kind: 'later', delayMs: delayAfter(message.deliveries, policy.retryLater) }
      : { kind: 'dead', error: text };
  }
  const failures = message.failures + 1;
  return failures < policy.failuresAllowed
    ? { kind: 'failed', delayMs: delayAfter(failures, policy.failure), error: text }
    : { kind: 'dead', error: text };
};

/** Of a batch that failed for no fault of its messages. */
export const outageDelay = (deliveries: number, policy: RetryPolicy = RETRY_POLICY): number =>
  delayAfter(deliveries, policy.unavailable);

/** Possible faults of one event's statements: time-out, lock time-out, serialization failure, deadlock. */
const OF_ONE_EVENT = new Set(['57014', '55P03', '40001', '40P01']);

/** Whether the next event would fail alike: the database is down. */
export const isOutage = (error: unknown): boolean =>
  isUnavailable(error) && !(isError(error) && OF_ONE_EVENT.has(String(error.code)));

const delayAfter = (times: number, { firstMs, longestMs }: Delays): number =>
  Math.min(firstMs * 2 ** Math.min(Math.max(times, 1) - 1, 20), longestMs);

/**
 * A text that may lie in queues and tables: a database's message quotes values, so only its code and the rule that was broken
 * are named.
 */
export const describe = (error: unknown): string => {
  if (!isError(error)) return 'thrown value is not an Error';
  if (error instanceof ProblemError) return `problem ${error.code}`;
  const { code, constraint } = error as typeof error & { constraint?: unknown };
  if (typeof code === 'string') {
    return `${error.name} ${code}${typeof constraint === 'string' ? ` (${constraint})` : ''}`;
  }
  return `${error.name}: ${error.message}`.slice(0, 300);
};

import { problem, RetryLater } from '../index.ts';
import { describe as describeError, outcomeOf, RETRY_POLICY } from './retry-policy.ts';

describe('a failed delivery', () => {
  const first = { failures: 0, deliveries: 1 };
  const away = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });

  test('waits, however often, when the database or another dependency is away', () => {
    expect(outcomeOf(away, { failures: 7, deliveries: 1_000_000 })).toEqual({ kind: 'later', delayMs: 15_000 });
    expect(outcomeOf(problem('unavailable'), first)).toMatchObject({ kind: 'later' });
  });

  test('waits three days for an earlier fact, and is a dead letter then', () => {
    let total = 0;
    let deliveries = 1;
    for (; ; deliveries += 1) {
      const outcome = outcomeOf(new RetryLater('x'), { failures: 0, deliveries });
      if (outcome.kind !== 'later') break;
      total += outcome.delayMs;
    }
    expect(total / 86_400_000).toBeGreaterThan(2.9);
    expect(outcomeOf(new RetryLater('x'), { failures: 0, deliveries })).toMatchObject({ kind: 'dead' });
  });

  test('is a dead letter after eight failures of its own', () => {
    const outcomes = Array.from({ length: 8 }, (_, failures) => outcomeOf(new Error('x'), { failures, deliveries: 1 }));
    expect(outcomes.map(({ kind }) => kind)).toEqual([...Array(7).fill('failed'), 'dead']);
    expect(RETRY_POLICY.failuresAllowed).toBe(8);
  });

  test('is described without values', () => {
    const error = Object.assign(new Error('invalid input syntax for type uuid: "canary"'), { code: '22P02' });
    expect(describeError(error)).toBe('Error 22P02');
    expect(describeError(problem('license_in_use', { detail: 'canary' }))).toBe('problem license_in_use');
  });
});

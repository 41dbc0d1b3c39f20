import { testLogger } from '@smartserver/testing';
import { Loop } from './loop.ts';

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

const until = async (condition: () => boolean) => {
  for (let i = 0; i < 500 && !condition(); i += 1) await pause(10);
  if (!condition()) throw new Error('not in time');
};

describe('a loop', () => {
  test('turns many wakes while it works into one more round', async () => {
    let rounds = 0;
    const finish: (() => void)[] = [];
    const loop = new Loop({
      everyMs: 60_000,
      backoffLongestMs: 60_000,
      logger: testLogger(),
      name: 'testing',
      work: () => {
        rounds += 1;
        return new Promise((resolve) => finish.push(() => resolve(false)));
      },
    });
    for (let i = 0; i < 100; i += 1) loop.wake();
    expect(rounds).toBe(1);
    for (let i = 0; i < 100; i += 1) loop.wake();
    finish.shift()?.();
    await until(() => rounds === 2);
    finish.shift()?.();
    await pause(20);
    expect(rounds).toBe(2);
    await loop.stop();
  });
});

describe('a loop that gathers', () => {
  const begun: number[] = [];
  const gathering = () => {
    begun.length = 0;
    return new Loop({
      everyMs: 20,
      gatherMs: { first: 50, longest: 200 },
      backoffLongestMs: 60_000,
      logger: testLogger(),
      name: 'testing',
      work: async () => {
        begun.push(performance.now());
        return false;
      },
    });
  };

  test('follows the first wake after a pause at once, also right after a round by itself', async () => {
    const loop = gathering();
    await until(() => begun.length === 3);
    begun.length = 0;
    loop.wake();
    // Begun within the call: a loop has no reason to wait.
    expect(begun).toHaveLength(1);
    await loop.stop();
  });

  test('under constant wakes waits ever longer from round to round, up to its longest', async () => {
    const loop = gathering();
    const calls = setInterval(() => loop.wake(), 1);
    loop.wake();
    await until(() => begun.length === 6);
    clearInterval(calls);
    await loop.stop();
    const gaps = begun.slice(1).map((at, i) => at - (begun[i] ?? 0));
    [50, 100, 200, 200, 200].forEach((atLeast, i) => {
      expect(gaps[i]).toBeGreaterThanOrEqual(atLeast - 2);
    });
  });
});

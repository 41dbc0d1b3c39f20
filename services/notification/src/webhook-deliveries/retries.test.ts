import { nextDelay, readRetryAfter } from './retries.ts';

const second = 1_000;
const hour = 3_600_000;
const now = new Date('2026-03-01T12:00:00.000Z');

const planOf = (random: number): number[] => {
  const delays: number[] = [];
  for (let failures = 1; ; failures += 1) {
    const delay = nextDelay(failures, null, random);
    if (delay === null) return delays;
    delays.push(delay);
  }
};

test('there are ten attempts within three days, however chance falls; the first repeat comes after seconds', () => {
  for (const random of [0, 0.5, 1]) {
    const delays = planOf(random);
    expect(delays).toHaveLength(9);
    const total = delays.reduce((sum, delay) => sum + delay, 0);
    expect(total).toBeGreaterThan(60 * hour);
    expect(total).toBeLessThan(72 * hour);
    expect(delays[0]).toBeLessThan(6 * second);
    expect([...delays].sort((a, b) => a - b)).toEqual(delays);
  }
});

test('what failed together does not come back together', () => {
  expect(nextDelay(4, null, 0)).toBeLessThan(nextDelay(4, null, 1) ?? 0);
});

test('a receiver that asks for time is given it, up to a day, and never less than planned', () => {
  expect(nextDelay(1, 60 * second, 0.5)).toBe(60 * second);
  expect(nextDelay(1, 400 * 24 * hour, 0.5)).toBe(24 * hour);
  expect(nextDelay(4, second, 0.5)).toBe(planOf(0.5)[3]);
  expect(nextDelay(10, 60 * second, 0.5)).toBeNull();
});

test('Retry-After is read as seconds or as a date, and ignored when it is neither', () => {
  expect(readRetryAfter('120', now)).toBe(120 * second);
  expect(readRetryAfter('Sun, 01 Mar 2026 12:05:00 GMT', now)).toBe(300 * second);
  expect(readRetryAfter('Sun, 01 Mar 2026 11:00:00 GMT', now)).toBe(0);
  for (const header of [null, '', '-5', 'soon', '1e9', '9'.repeat(30), 'Sun, nonsense'])
    expect(readRetryAfter(header, now)).toBeNull();
});

import type { Clock } from '@smartserver/service-kit';

export type TestClock = Clock & {
  /** Milliseconds. */
  advance(milliseconds: number): void;
  set(instant: string): void;
};

/** A clock that stands still until a test moves it. */
export const testClock = (start = '2026-03-01T12:00:00Z'): TestClock => {
  let now = Date.parse(start);
  return {
    now: () => new Date(now),
    advance: (milliseconds) => {
      now += milliseconds;
    },
    set: (instant) => {
      now = Date.parse(instant);
    },
  };
};

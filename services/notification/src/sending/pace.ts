import type { Clock } from '@smartserver/service-kit';

/** Bounds the rate of sending: a token bucket that holds one second's worth. */
export type Pace = {
  /** How many may be sent now. */
  available(): number;
  /** Counts them as sent. */
  take(count: number): void;
};

export const createPace = (clock: Clock, perSecond: number): Pace => {
  let tokens = perSecond;
  let last = clock.now().getTime();
  return {
    available() {
      const now = clock.now().getTime();
      // A clock set back must not take tokens away.
      tokens = Math.min(perSecond, tokens + (Math.max(0, now - last) / 1_000) * perSecond);
      last = now;
      return Math.floor(tokens);
    },
    take(count) {
      tokens -= count;
    },
  };
};

import type { Clock } from '@smartserver/service-kit';
import type { GuessBucket, GuessCount, GuessCounter } from '../sessions/guess-counter.ts';
import { addressGroup, networkGroup, tooManyGuesses } from '../sessions/guess-limiter.ts';
import { exhausted, PORTAL_LIMITS, type PortalGuessKind } from './portal-guess.ts';

export type PortalGuesses = {
  /**
   * Counts a License ID or a code before it is looked at, so that simultaneous ones cannot slip through.
   * @param address where the request came from
   * @returns how to take it back once it was right
   * @throws rate_limited with Retry-After
   */
  count(kind: PortalGuessKind, address: string): Promise<{ takeBack(): Promise<void> }>;
};

export const createPortalGuesses = (deps: { counter: GuessCounter; clock: Clock }): PortalGuesses => ({
  async count(kind, address) {
    const { counter, clock } = deps;
    const limits = PORTAL_LIMITS[kind];
    const bucket = (name: 'recent' | 'ofDay' | 'total', by: string): GuessBucket => ({
      name: `portal-${kind}-${name}\n${by}`,
      windowSeconds: limits[name].windowSeconds,
    });
    const own = [bucket('recent', addressGroup(address)), bucket('ofDay', networkGroup(address))];
    const total = [bucket('total', 'everywhere')];

    const now = clock.now();
    const [recent, ofDay] = (await counter.up(own, now)) as [GuessCount, GuessCount];
    const refuseIfExhausted = (soFar: number): void => {
      const which = exhausted(kind, { recent: recent.count, ofDay: ofDay.count, total: soFar });
      if (which !== null) throw tooManyGuesses((which === 'recent' ? recent : ofDay).windowEndsAt, now);
    };
    // What is refused anyway does not count for everybody: one address alone cannot make it look like an attack.
    refuseIfExhausted(0);
    const [everywhere] = (await counter.up(total, now)) as [GuessCount];
    refuseIfExhausted(everywhere.count);
    return { takeBack: () => counter.down([...own, ...total], now) };
  },
});

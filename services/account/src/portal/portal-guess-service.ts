import type { Clock } from '@smartserver/service-kit';
import type { GuessBucket, GuessCount, GuessCounter } from '../sessions/guess-counter.ts';
import { addressGroup, networkGroup, tooManyGuesses } from '../sessions/guess-limiter.ts';
import { guessesOfDay, PORTAL_LIMITS, type PortalGuessKind } from './portal-guess.ts';

/** Whether a guess may be looked at: if so, how to take it back once it was right; if not, when the next one may. */
export type PortalGuessVerdict = { takeBack(): Promise<void> } | { refusedUntil: Date };

/**
 * Counts a License ID or a code before it is looked at, so that simultaneous ones cannot slip through.
 * @param address where the request came from
 */
export const countPortalGuess = async (
  counter: GuessCounter,
  kind: PortalGuessKind,
  address: string,
  now: Date,
): Promise<PortalGuessVerdict> => {
  const limits = PORTAL_LIMITS[kind];
  const bucket = (name: 'recent' | 'ofDay' | 'total', by: string): GuessBucket => ({
    name: `portal-${kind}-${name}\n${by}`,
    windowSeconds: limits[name].windowSeconds,
  });
  const counted: GuessBucket[] = [];
  const countOf = async (which: GuessBucket): Promise<GuessCount> => {
    const [count] = (await counter.up([which], now)) as [GuessCount];
    counted.push(which);
    return count;
  };
  // What is refused does not count for the day, nor for everybody: one address alone cannot make it look like an attack.
  const refuse = async ({ windowEndsAt }: GuessCount): Promise<PortalGuessVerdict> => {
    await counter.down(counted.slice(1), now);
    return { refusedUntil: windowEndsAt };
  };

  const recent = await countOf(bucket('recent', addressGroup(address)));
  if (recent.count > limits.recent.guesses) return refuse(recent);
  const ofDay = await countOf(bucket('ofDay', networkGroup(address)));
  if (ofDay.count > limits.ofDay.guesses) return refuse(ofDay);
  const total = await countOf(bucket('total', 'everywhere'));
  if (ofDay.count > guessesOfDay(kind, total.count)) return refuse(ofDay);
  return { takeBack: () => counter.down(counted, now) };
};

export type PortalGuesses = {
  /** See {@link countPortalGuess}. @throws rate_limited with Retry-After */
  count(kind: PortalGuessKind, address: string): Promise<{ takeBack(): Promise<void> }>;
};

export const createPortalGuesses = ({ counter, clock }: { counter: GuessCounter; clock: Clock }): PortalGuesses => ({
  async count(kind, address) {
    const now = clock.now();
    const verdict = await countPortalGuess(counter, kind, address, now);
    if ('refusedUntil' in verdict) throw tooManyGuesses(verdict.refusedUntil, now);
    return verdict;
  },
});

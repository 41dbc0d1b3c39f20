import { CALLER_BITS, callerNetwork, SITE_BITS } from '@smartserver/service-kit';
import type { Deps } from '../deps.ts';
import type { GuessBucket, GuessCount, GuessCounter } from '../guesses/counter.ts';
import { tooManyGuesses } from '../guesses/limits.ts';
import { guessesOfDay, PORTAL_LIMITS, type PortalGuessKind } from './guess-limits.ts';

/**
 * Whether a guess may be looked at: if so, how to take it back once it was right; if not, when the next one may. `isAlarm` marks
 * the first one of a day that makes it look like an attack.
 */
export type PortalGuessVerdict = { isAlarm: boolean } & ({ takeBack(): Promise<void> } | { refusedUntil: Date });

/**
 * Counts a License ID or a code before it is looked at, so that simultaneous ones cannot slip through.
 * @param address where the request came from
 * @throws rate_limited with Retry-After
 */
export const countPortalGuess = async (
  { counter, clock, logger }: Deps,
  kind: PortalGuessKind,
  address: string,
): Promise<{ takeBack(): Promise<void> }> => {
  const now = clock.now();
  const verdict = await judgePortalGuess(counter, kind, address, now);
  if (verdict.isAlarm) logger.warn({ kind }, 'sign-in guesses exceed the daily total, limits are stricter');
  if ('refusedUntil' in verdict) throw tooManyGuesses(verdict.refusedUntil, now);
  return verdict;
};

export const judgePortalGuess = async (
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
  const ofAddress = bucket('recent', callerNetwork(address, CALLER_BITS));
  const ofNetwork = bucket('ofDay', callerNetwork(address, SITE_BITS));
  const ofAll = bucket('total', 'everywhere');
  const up = async (which: GuessBucket): Promise<GuessCount> => ((await counter.up([which], now)) as [GuessCount])[0];

  const recent = await up(ofAddress);
  if (recent.count > limits.recent.guesses) return { refusedUntil: recent.windowEndsAt, isAlarm: false };
  const ofDay = await up(ofNetwork);
  const refuse = async (isAlarm: boolean): Promise<PortalGuessVerdict> => {
    // Only what is looked at uses up the day.
    await counter.down([ofNetwork], now);
    return { refusedUntil: ofDay.windowEndsAt, isAlarm };
  };
  // Before it counts for all: one address alone cannot make it look like an attack.
  if (ofDay.count > limits.ofDay.guesses) return refuse(false);
  const total = await up(ofAll);
  const isAlarm = total.count === limits.total.guesses + 1;
  if (ofDay.count > guessesOfDay(kind, total.count)) return refuse(isAlarm);
  return { takeBack: () => counter.down([ofAddress, ofNetwork, ofAll], now), isAlarm };
};

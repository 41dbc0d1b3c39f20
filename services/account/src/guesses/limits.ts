import { type ProblemError, problem } from '@smartserver/service-kit';
import type { Deps } from '../deps.ts';

/** So many guesses within so many seconds from the first one on. */
export type Limit = { guesses: number; windowSeconds: number };

const WINDOW_SECONDS = 15 * 60;

/**
 * Limits are counted for the caller that guesses, never for the account alone: a stranger cannot lock its owner out. The one
 * exception is the second factor, whose codes are short: those are counted per user, but only once the password was right.
 */
const LIMITS = {
  /** One address trying one account. */
  password: { guesses: 5, windowSeconds: WINDOW_SECONDS },
  /** One address trying any account. Offices share an address: successful sign-ins are taken off again. */
  address: { guesses: 60, windowSeconds: WINDOW_SECONDS },
  secondFactor: { guesses: 10, windowSeconds: WINDOW_SECONDS },
  /** Sign-in codes that one address asks for: each may be an e-mail to a person who did not ask. */
  codeRequest: { guesses: 20, windowSeconds: WINDOW_SECONDS },
  /** … and in a day. */
  codeRequestOfDay: { guesses: 100, windowSeconds: 24 * 60 * 60 },
} as const satisfies Record<string, Limit>;

/** What is counted: a kind of guess, and by or for whom. */
export type Guess = { kind: keyof typeof LIMITS; by: string };

const nameOf = ({ kind, by }: Guess) => `${kind}\n${by}`;
const bucketOf = (guess: Guess) => ({ name: nameOf(guess), windowSeconds: LIMITS[guess.kind].windowSeconds });

/**
 * Counts guesses before they are made, so that simultaneous ones cannot slip through.
 * @throws rate_limited with Retry-After when one of them is over its limit
 */
export const countGuesses = async ({ counter, clock }: Deps, guesses: readonly Guess[]): Promise<void> => {
  const now = clock.now();
  const counts = await counter.up(guesses.map(bucketOf), now);
  const over = guesses.flatMap(({ kind }, at) => {
    const counted = counts[at];
    return counted !== undefined && counted.count > LIMITS[kind].guesses ? [counted.windowEndsAt.getTime()] : [];
  });
  if (over.length > 0) throw tooManyGuesses(new Date(Math.max(...over)), now);
};

/** The guess was right: it does not count. */
export const takeGuessBack = ({ counter, clock }: Deps, guess: Guess): Promise<void> =>
  counter.down([bucketOf(guess)], clock.now());

/** The right one was found: none of the guesses so far counts. */
export const resetGuesses = ({ counter }: Deps, guess: Guess): Promise<void> => counter.reset(nameOf(guess));

/** @param until when the next guess is taken again */
export const tooManyGuesses = (until: Date, now: Date): ProblemError => {
  const retryAfterSeconds = Math.max(1, Math.ceil((until.getTime() - now.getTime()) / 1000));
  return problem('rate_limited', { headers: { 'retry-after': String(retryAfterSeconds) }, log: 'too many guesses' });
};

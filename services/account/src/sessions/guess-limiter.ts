import { isIPv6 } from 'node:net';
import { type Clock, type ProblemError, problem } from '@smartserver/service-kit';
import type { GuessCounter } from './guess-counter.ts';

/** So many guesses within so many seconds from the first one on. */
export type Limit = { guesses: number; windowSeconds: number };

const WINDOW_SECONDS = 15 * 60;

/**
 * Limits are counted for whoever guesses, never for the account alone: a stranger cannot lock its owner out. The one
 * exception is the second factor, whose codes are short: those are counted per user, but only once the password was right.
 */
const LIMITS = {
  /** One address trying one account. */
  password: { guesses: 5, windowSeconds: WINDOW_SECONDS },
  /** One address trying any account. Offices share an address: successful sign-ins are taken off again. */
  address: { guesses: 60, windowSeconds: WINDOW_SECONDS },
  secondFactor: { guesses: 10, windowSeconds: WINDOW_SECONDS },
  /** Sign-in codes that one address asks for: each may be an e-mail to somebody who did not ask. */
  codeRequest: { guesses: 20, windowSeconds: WINDOW_SECONDS },
  /** … and in a day. */
  codeRequestOfDay: { guesses: 100, windowSeconds: 24 * 60 * 60 },
} as const satisfies Record<string, Limit>;

type GuessKind = keyof typeof LIMITS;
/** What is counted: a kind of guess, and by or for whom. */
export type Guess = { kind: GuessKind; by: string };

/** 16-bit groups of an IPv6 address that one caller owns: a /64. */
const GROUPS_OF_CALLER = 4;
/** … and that one network owns, of which anybody can have a lot of callers: a /48. */
const GROUPS_OF_NETWORK = 3;

const leadingGroups = (address: string, count: number): string => {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped !== undefined) return mapped;
  if (!isIPv6(address)) return address;
  const [head = '', tail] = address.split('%')[0]?.split('::') ?? [];
  const groups = head === '' ? [] : head.split(':');
  const missing = tail === undefined ? 0 : 8 - groups.length - (tail === '' ? 0 : tail.split(':').length);
  const full = [...groups, ...Array<string>(Math.max(missing, 0)).fill('0'), ...(tail ?? '').split(':')];
  return full
    .slice(0, count)
    .map((group) => Number.parseInt(group || '0', 16).toString(16))
    .join(':');
};

/** An IPv6 caller owns a whole /64: all of it is one address. IPv4 in IPv6 clothes is IPv4. */
export const addressGroup = (address: string): string => leadingGroups(address, GROUPS_OF_CALLER);

/** Whoever has a /48 of IPv6 has 65,536 addresses: where it must not help, all of it is one. */
export const networkGroup = (address: string): string => leadingGroups(address, GROUPS_OF_NETWORK);

/** @param until when the next guess is taken again */
export const tooManyGuesses = (until: Date, now: Date): ProblemError => {
  const retryAfterSeconds = Math.max(1, Math.ceil((until.getTime() - now.getTime()) / 1000));
  return problem('rate_limited', { headers: { 'retry-after': String(retryAfterSeconds) }, log: 'too many guesses' });
};

export type GuessLimiter = {
  /**
   * Counts guesses before they are made, so that simultaneous ones cannot slip through.
   * @throws rate_limited with Retry-After when one of them is over its limit
   */
  count(guesses: Guess[]): Promise<void>;
  /** The guess was right: it does not count. */
  takeBack(guess: Guess): Promise<void>;
  /** The right one was found: all guesses so far are forgiven. */
  forgive(guess: Guess): Promise<void>;
};

export const createGuessLimiter = (deps: { counter: GuessCounter; clock: Clock }): GuessLimiter => {
  const { counter, clock } = deps;
  const nameOf = ({ kind, by }: Guess) => `${kind}\n${by}`;
  const bucketOf = (guess: Guess) => ({ name: nameOf(guess), windowSeconds: LIMITS[guess.kind].windowSeconds });

  return {
    async count(guesses) {
      const now = clock.now();
      const counts = await counter.up(guesses.map(bucketOf), now);
      const over = guesses.flatMap(({ kind }, at) => {
        const counted = counts[at];
        return counted !== undefined && counted.count > LIMITS[kind].guesses ? [counted.windowEndsAt.getTime()] : [];
      });
      if (over.length > 0) throw tooManyGuesses(new Date(Math.max(...over)), now);
    },
    takeBack: (guess) => counter.down([bucketOf(guess)], clock.now()),
    forgive: (guess) => counter.reset(nameOf(guess)),
  };
};

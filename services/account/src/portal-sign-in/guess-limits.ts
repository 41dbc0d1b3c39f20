import type { Limit } from '../guesses/limits.ts';

/** What a customer shows to sign in, and what a stranger may guess. */
export type PortalGuessKind = 'license' | 'code';

type PortalLimits = {
  /** Wrong ones from one address. */
  recent: Limit;
  /** Wrong ones from one network in a day. */
  ofDay: Limit;
  /** Wrong ones from everywhere in a day: from then on an attack is assumed … */
  total: Limit;
  /** … and of one network so many are looked at in a day. The others, for all that, are not refused anything. */
  underAttack: number;
};

const SHORT_SECONDS = 15 * 60;
const DAY_SECONDS = 24 * 60 * 60;

/**
 * Only wrong ones are left in the counts, and all limits that refuse are of the caller that guesses: the total refuses no caller, it
 * makes the limit of each stricter. So no owner can be locked out from elsewhere, and many addresses are little help.
 * The README has what remains for an attacker.
 */
export const PORTAL_LIMITS = {
  code: {
    recent: { guesses: 10, windowSeconds: SHORT_SECONDS },
    ofDay: { guesses: 30, windowSeconds: DAY_SECONDS },
    total: { guesses: 300, windowSeconds: DAY_SECONDS },
    underAttack: 3,
  },
  license: {
    recent: { guesses: 10, windowSeconds: SHORT_SECONDS },
    ofDay: { guesses: 60, windowSeconds: DAY_SECONDS },
    total: { guesses: 3_000, windowSeconds: DAY_SECONDS },
    underAttack: 3,
  },
} as const satisfies Record<PortalGuessKind, PortalLimits>;

/** How many guesses of one network are looked at in a day. @param total wrong ones from everywhere, this one included */
export const guessesOfDay = (kind: PortalGuessKind, total: number): number => {
  const limits = PORTAL_LIMITS[kind];
  return total > limits.total.guesses ? limits.underAttack : limits.ofDay.guesses;
};

/**
 * Most guesses that are looked at from so many networks in so many days (windows begin with a first guess: one more of them
 * than days can lie in that time).
 */
export const mostGuesses = (kind: PortalGuessKind, networks: number, days: number): number => {
  const { ofDay, total, underAttack } = PORTAL_LIMITS[kind];
  return (days + 1) * Math.min(networks * ofDay.guesses, total.guesses + networks * underAttack);
};

/** Codes there are: six digits. */
export const CODES = 1_000_000;

/** The chance of entering an account by guessing codes is at most this. [guarantees.md 21] */
export const chanceOfEntering = (networks: number, days: number): number => mostGuesses('code', networks, days) / CODES;

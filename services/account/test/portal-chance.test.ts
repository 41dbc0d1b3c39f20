import { CODES, chanceOfEntering, mostGuesses } from '../src/portal-sign-in/guess-limits.ts';
import { judgePortalGuess } from '../src/portal-sign-in/guesses.ts';
import { dose } from './dose.ts';
import { memoryCounter } from './memory-counter.ts';
import { addressNumber } from './portal.ts';

/*
 * The chance of entering an account by guessing codes, under the rules that production counts with (guesses/counter.test.ts shows
 * that its database counts like this). n codes that are looked at are right with a chance of at most n in a million, whether they
 * are tried on one code or on many: their sum bounds the chance. [guarantees.md 21]
 */

/**
 * From each address many times what is looked at of one, so that every limit is reached: with a tenth as many as in the long dose the
 * numbers that follow are the same.
 */
const GUESSES = dose(100_000, 1_000_000);
const ADDRESSES = 1_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const START = Date.parse('2026-03-01T12:00:00Z');

type Attack = {
  /** Milliseconds from the first guess to the last. */
  lastsMs: number;
  addressOf?: (n: number) => string;
  /** Shows a right code of an account of its own in between, to be taken for an honest caller. */
  mixesInRightOnes?: boolean;
};

/** @param meanwhile what else happens. @returns how many of the guesses were looked at */
const simulate = async (
  { lastsMs, addressOf = (n) => addressNumber(n % ADDRESSES), mixesInRightOnes }: Attack,
  meanwhile: (
    n: number,
    isLookedAt: (address: string, isRight: boolean) => Promise<boolean>,
  ) => Promise<void> | void = () => undefined,
): Promise<number> => {
  const counter = memoryCounter();
  let now = new Date(START);
  const isLookedAt = async (address: string, isRight: boolean): Promise<boolean> => {
    const verdict = await judgePortalGuess(counter, 'code', address, now);
    if ('refusedUntil' in verdict) return false;
    if (isRight) await verdict.takeBack();
    return true;
  };
  let lookedAt = 0;
  for (let n = 0; n < GUESSES; n += 1) {
    now = new Date(START + Math.floor((n / GUESSES) * lastsMs));
    if (await isLookedAt(addressOf(n), false)) lookedAt += 1;
    if (mixesInRightOnes && n % 10 === 0) await isLookedAt(addressOf(n), true);
    await meanwhile(n, isLookedAt);
  }
  return lookedAt;
};

const networkNumber = (n: number) => `2001:db8:${(n % ADDRESSES).toString(16)}:${(n % 65_521).toString(16)}::1`;

const attacks: [string, number, Attack][] = [
  ['all at one moment', 0, { lastsMs: 0 }],
  ['over a day', 1, { lastsMs: DAY_MS }],
  ['over a week', 7, { lastsMs: 7 * DAY_MS }],
  [
    'over a day, with right codes for an account of their own in between',
    1,
    { lastsMs: DAY_MS, mixesInRightOnes: true },
  ],
  ['over a day, each time from a new address of 1,000 IPv6 networks', 1, { lastsMs: DAY_MS, addressOf: networkNumber }],
];

test.each(attacks)(
  `${GUESSES} guesses from 1,000 addresses, %s, enter an account with no more than the computed chance`,
  async (name, days, attack) => {
    const lookedAt = await simulate(attack);
    const chance = lookedAt / CODES;
    const bound = chanceOfEntering(ADDRESSES, days);
    console.log(`${name}: ${lookedAt} of ${GUESSES} looked at, chance ${chance}, computed at most ${bound}`);
    expect(lookedAt).toBeLessThanOrEqual(mostGuesses('code', ADDRESSES, days));
    expect(chance).toBeLessThanOrEqual(bound);
    // Nor is the bound so wide that it would hide a limit that has gone: the attack comes near it.
    expect(chance).toBeGreaterThan(bound / 4);
  },
  120_000,
);

test('who is attacked gets in from an address of one’s own all the while, also with two wrong codes a day', async () => {
  const refused: number[] = [];
  await simulate({ lastsMs: 7 * DAY_MS }, async (n, isLookedAt) => {
    // Every hour and forty minutes; the first two of each day with a slip.
    const turn = n / (GUESSES / 100);
    if (!Number.isInteger(turn)) return;
    const isWrong = turn % 15 < 2;
    if (!(await isLookedAt('192.0.2.10', !isWrong))) refused.push(n);
  });
  expect(refused).toEqual([]);
}, 120_000);

test('one address alone does not make it look like an attack on all, however much it guesses', async () => {
  const others: boolean[] = [];
  await simulate({ lastsMs: DAY_MS - HOUR_MS, addressOf: () => '203.0.113.66' }, async (n, isLookedAt) => {
    if (n % (GUESSES / 20) === 0) others.push(await isLookedAt('192.0.2.10', false));
  });
  expect(others).toEqual(Array(20).fill(true));
}, 120_000);

test('the chances that the README names', () => {
  const chances = [
    [1, 1, 0.00006],
    [1_000, 0, 0.0033],
    [1_000, 1, 0.0066],
    [1_000, 7, 0.0264],
    [100, 30, 0.0186],
  ] as const;
  for (const [networks, days, chance] of chances) expect(chanceOfEntering(networks, days)).toBeCloseTo(chance, 10);
});

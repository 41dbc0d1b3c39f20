import { randomUUID } from 'node:crypto';
import type { PortalChallenge } from '@smartserver/contracts';
import { seededRandom } from '@smartserver/testing';
import type { LightMyRequestResponse } from 'fastify';
import { dose } from './dose.ts';
import { addressNumber, type Portal, startPortal } from './portal.ts';

/*
 * The time of an answer does not distinguish known from unknown: a classifier that knows nothing but the time is hardly better
 * than a coin. Its area under the curve (AUC) is the chance that it judges a pair right: 0.5 is the coin's. [guarantees.md 21]
 */

/**
 * Of each kind. Where there is no difference, an AUC has a standard error of 1 / √(6 n): the bound is then passed by chance in about one
 * of 400,000 verdicts.
 */
const TRIES = dose(1_500, 10_000);
const WARM_UP = 50;
const MOST_AUC = 0.55;

const random = seededRandom('portal-timing');

type Send = (n: number) => Promise<LightMyRequestResponse>;
type Times = { known: number[]; unknown: number[] };

/** Sends as many of each kind, pair by pair and each pair in random order: whatever else goes on in the machine meets both alike. */
const measure = async (sends: { known: Send; unknown: Send }, tries: number): Promise<Times> => {
  const times: Times = { known: [], unknown: [] };
  for (let n = 0; n < tries; n += 1) {
    for (const kind of random.shuffle(['known', 'unknown'] as const)) {
      const start = performance.now();
      const { statusCode } = await sends[kind](n);
      times[kind].push(performance.now() - start);
      if (statusCode === 429) throw new Error('a limit came in between: this would compare refusals');
    }
  }
  return times;
};

/** The chance that the slower of a pair is the one that is slower on the whole (Mann and Whitney's U, as a share). */
const aucOf = ({ known, unknown }: Times): number => {
  const all = [...known.map((time) => ({ time, rank: 1 })), ...unknown.map((time) => ({ time, rank: 0 }))];
  all.sort((a, b) => a.time - b.time);
  let seen = 0;
  let pairs = 0;
  for (const { rank } of all) {
    if (rank === 0) seen += 1;
    else pairs += seen;
  }
  const share = pairs / (known.length * unknown.length);
  return Math.max(share, 1 - share);
};

let portal: Portal;
beforeAll(async () => {
  portal = await startPortal();
  const { customerId } = await portal.newAccount('first@example.com');
  const { pool } = portal.database;
  // Another contact, and another license in an inventory, for each try.
  await pool.query(
    `insert into contacts (contact_id, customer_id, email, email_key, name, language, created_at)
     select gen_random_uuid(), $1, 'known-' || n || '@example.com', 'known-' || n || '@example.com', 'Contact', 'en', now()
     from generate_series(0, $2::int - 1) as n`,
    [customerId, TRIES],
  );
  await pool.query('analyze contacts');
});
afterAll(() => portal.close());

/** One verdict, on all tries. */
const compare = async (name: string, sends: { known: Send; unknown: Send }): Promise<number> => {
  const auc = aucOf(await measure(sends, TRIES));
  console.log(`${name}: AUC ${auc.toFixed(4)} of ${TRIES} tries each`);
  return auc;
};

const challenges = { known: new Map<number, string>(), unknown: new Map<number, string>() };
const addressOf = {
  known: (n: number) => `known-${n}@example.com`,
  unknown: (n: number) => `stranger-${n}@example.com`,
};
/** Each try from an address of its own, so that no limit comes in between. */
const from = { known: (n: number) => addressNumber(2 * n), unknown: (n: number) => addressNumber(2 * n + 1) };

const ask =
  (kind: 'known' | 'unknown'): Send =>
  async (n) => {
    const response = await portal.ask(addressOf[kind](n), from[kind](n));
    challenges[kind].set(n, response.json<PortalChallenge>().challengeId);
    return response;
  };

const LIMIT_MS = dose(120_000, 1_200_000);

test(
  'asking for a code takes as long for an address that nobody knows as for a known one',
  async () => {
    await measure({ known: ask('known'), unknown: ask('unknown') }, WARM_UP);
    portal.clock.advance(3_600_000);
    expect(await compare('addresses', { known: ask('known'), unknown: ask('unknown') })).toBeLessThanOrEqual(MOST_AUC);
  },
  LIMIT_MS,
);

test(
  'a wrong code takes as long for a challenge of an address that nobody knows as for a known one',
  async () => {
    const guess =
      (kind: 'known' | 'unknown'): Send =>
      async (n) =>
        portal.verify(challenges[kind].get(n) ?? randomUUID(), '000000', from[kind](n));
    const auc = await compare('codes', { known: guess('known'), unknown: guess('unknown') });
    expect(auc).toBeLessThanOrEqual(MOST_AUC);
  },
  LIMIT_MS,
);

test(
  'a License ID that nobody has takes as long as one of a license in an inventory',
  async () => {
    const licenses = await Promise.all(Array.from({ length: 200 }, () => portal.licenseChanged(portal.inInventory)));
    const known: Send = (n) => portal.signIn(licenses[n % licenses.length] ?? '', from.known(n));
    const unknown: Send = (n) => portal.signIn(randomUUID(), from.unknown(n));
    expect(await compare('License IDs', { known, unknown })).toBeLessThanOrEqual(MOST_AUC);
  },
  LIMIT_MS,
);

test(
  'the classifier does distinguish what takes longer: two requests from one',
  async () => {
    portal.clock.advance(2 * 86_400_000);
    const one: Send = (n) => portal.signIn(randomUUID(), from.unknown(n));
    const two: Send = async (n) => {
      await portal.signIn(randomUUID(), from.known(n));
      return portal.signIn(randomUUID(), from.known(n));
    };
    expect(aucOf(await measure({ known: two, unknown: one }, 100))).toBeGreaterThan(0.7);
  },
  LIMIT_MS,
);

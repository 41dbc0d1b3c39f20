import { randomUUID } from 'node:crypto';

import { dumpOf, expectProblem } from '@smartserver/testing';
import type { LightMyRequestResponse } from 'fastify';
import { addressNumber, OWNER, otherThan, type Portal, startPortal } from '../../test/portal.ts';
import { PORTAL_LIMITS } from './guess-limits.ts';

/* Limits of guesses at License IDs and codes. */

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const ATTACKER = '203.0.113.66';

let portal: Portal;
beforeAll(async () => {
  portal = await startPortal();
});
afterAll(() => portal.close());
// Yesterday is forgotten.
beforeEach(() => portal.clock.advance(2 * DAY));

const statuses = (responses: LightMyRequestResponse[]) => responses.map((response) => response.statusCode);
const repeat = async <T>(times: number, work: (n: number) => Promise<T>): Promise<T[]> => {
  const done: T[] = [];
  for (let n = 0; n < times; n += 1) done.push(await work(n));
  return done;
};

const guessCode = (from: string) => portal.verify(randomUUID(), '123456', from);
const guessLicense = (from: string) => portal.signIn(randomUUID(), from);
/** Wrong codes from many addresses, more than the total that makes it an attack. */
const attack = () => repeat(PORTAL_LIMITS.code.total.guesses, (n) => guessCode(addressNumber(Math.floor(n / 10))));

describe.each([
  ['codes', guessCode, 401, PORTAL_LIMITS.code.ofDay.guesses],
  ['License IDs', guessLicense, 404, PORTAL_LIMITS.license.ofDay.guesses],
] as const)('wrong %s from one address', (_, guess, wrong, ofDay) => {
  test('are looked at ten times in 15 minutes; then it has to wait as long as Retry-After says', async () => {
    const answers = statuses(await repeat(11, () => guess(ATTACKER)));
    expect(answers).toEqual([...Array(10).fill(wrong), 429]);
    portal.clock.advance(15 * MINUTE - 1_000);
    const still = await guess(ATTACKER);
    expectProblem(still, 429, 'rate_limited');
    expect(still.headers['retry-after']).toBe('1');
    portal.clock.advance(1_000);
    expect((await guess(ATTACKER)).statusCode).toBe(wrong);
  });

  test('are looked at so many times in a day and no more', async () => {
    let lookedAt = 0;
    for (let quarters = 0; quarters < 20; quarters += 1) {
      lookedAt += statuses(await repeat(11, () => guess(ATTACKER))).filter((status) => status === wrong).length;
      portal.clock.advance(15 * MINUTE);
    }
    expect(lookedAt).toBe(ofDay);
    const refused = await guess(ATTACKER);
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(15 * 60);
  });

  test('sent a hundred at once are looked at ten times', async () => {
    const answers = statuses(await Promise.all(Array.from({ length: 100 }, () => guess(ATTACKER))));
    expect(answers.filter((status) => status === wrong)).toHaveLength(10);
    expect(answers.filter((status) => status === 429)).toHaveLength(90);
  });

  test('lock no owner out at another address', async () => {
    await repeat(30, () => guess(ATTACKER));
    expect((await guess(OWNER)).statusCode).toBe(wrong);
  });
});

test('a right code is not even looked at where too many were wrong: it is not used up by that', async () => {
  await portal.newAccount('late@example.com');
  const challengeId = await portal.challenge('late@example.com');
  const code = await portal.codeFor('late@example.com');
  await repeat(10, () => guessCode(ATTACKER));
  expectProblem(await portal.verify(challengeId, code, ATTACKER), 429, 'rate_limited');
  expect((await portal.verify(challengeId, code, OWNER)).statusCode).toBe(200);
});

test('right License IDs and right codes are no guesses: an office behind one address is not locked out', async () => {
  const licenseId = await portal.licenseChanged();
  expect(new Set(statuses(await repeat(70, () => portal.signIn(licenseId, OWNER))))).toEqual(new Set([201]));
  await portal.newAccount('office@example.com');
  const signedIn = await repeat(40, async () => {
    portal.clock.advance(MINUTE);
    return portal.signInByEmail('office@example.com', OWNER);
  });
  expect(new Set(statuses(signedIn))).toEqual(new Set([200]));
});

test('while wrong codes come from everywhere, each network has three a day, and a right one is accepted', async () => {
  await portal.newAccount('victim@example.com');
  await attack();
  const alarms = () =>
    portal.logger.lines().filter(({ msg }) => msg === 'sign-in guesses exceed the daily total, limits are stricter');
  const before = alarms().length;
  expect(statuses(await repeat(4, () => guessCode('198.51.100.1')))).toEqual([401, 401, 401, 429]);
  // Logged once, for the operator.
  expect(alarms().slice(before)).toMatchObject([{ kind: 'code' }]);
  // Who had guessed ten times before is refused at once.
  expect((await guessCode(addressNumber(0))).statusCode).toBe(429);

  const challengeId = await portal.challenge('victim@example.com', OWNER);
  const code = await portal.codeFor('victim@example.com');
  const typed = [otherThan(code, 1), otherThan(code, 2), code];
  expect(statuses(await repeat(3, (n) => portal.verify(challengeId, typed[n] ?? '', OWNER)))).toEqual([401, 401, 200]);
  portal.clock.advance(DAY);
  expect(statuses(await repeat(10, () => guessCode('198.51.100.1')))).toEqual(Array(10).fill(401));
});

test('under attack an IPv6 network counts as one, however many addresses it has', async () => {
  await attack();
  const answers = await repeat(5, (n) => guessCode(`2001:db8:7:${n}::1`));
  expect(statuses(answers)).toEqual([401, 401, 401, 429, 429]);
  expect((await guessCode('2001:db8:8::1')).statusCode).toBe(401);
});

test('an attack on codes does not touch the sign-in with a License ID', async () => {
  await attack();
  expect(statuses(await repeat(10, () => guessLicense('198.51.100.1')))).toEqual(Array(10).fill(404));
});

test('wrong License IDs from everywhere make the limit of each stricter, and keep no owner out', async () => {
  const { total, underAttack } = PORTAL_LIMITS.license;
  await guessLicense(addressNumber(1));
  // As many as it takes, without asking for each.
  const { kysely } = portal.database;
  await kysely.updateTable('guess_counts').set({ count: total.guesses }).where('count', '=', 1).execute();
  const answers = statuses(await repeat(underAttack + 1, () => guessLicense('198.51.100.1')));
  expect(answers).toEqual([...Array(underAttack).fill(404), 429]);
  expect((await portal.signIn(await portal.licenseChanged(), OWNER)).statusCode).toBe(201);
});

describe('asking for codes', () => {
  test('is possible 20 times in 15 minutes and 100 times a day from one address, known address or not', async () => {
    await portal.newAccount('asked@example.com');
    const answers = statuses(await repeat(21, (n) => portal.ask(n % 2 === 0 ? 'asked@example.com' : 'no@example.com')));
    expect(answers).toEqual([...Array(20).fill(202), 429]);
    let taken = 20;
    for (let quarters = 0; quarters < 6; quarters += 1) {
      portal.clock.advance(15 * MINUTE);
      taken += statuses(await repeat(21, () => portal.ask('no@example.com'))).filter((status) => status === 202).length;
    }
    expect(taken).toBe(100);
  });

  test('for another person, from many addresses, neither floods the mailbox nor keeps its owner out', async () => {
    await portal.newAccount('flooded@example.com');
    const before = (await portal.messages()).length;
    await Promise.all(Array.from({ length: 200 }, (_, n) => portal.ask('flooded@example.com', addressNumber(n))));
    expect((await portal.messages()).length).toBe(before + 1);
    // The code in the mailbox is one that the attacker asked for; the owner's challenge takes it.
    const challengeId = await portal.challenge('flooded@example.com', OWNER);
    const code = await portal.codeFor('flooded@example.com');
    // Nor do wrong codes for challenges of the attacker use up the owner's tries.
    const theirs = await portal.challenge('flooded@example.com', ATTACKER);
    await repeat(6, (n) => portal.verify(theirs, otherThan(code, n + 1), ATTACKER));
    expect((await portal.verify(challengeId, code, OWNER)).statusCode).toBe(200);
  });
});

test('a revoked license and one in an inventory are limited as unknown ones are', async () => {
  const licenses = [
    await portal.licenseChanged({ standing: 'revoked' }),
    await portal.licenseChanged(portal.inInventory),
  ];
  const answers = statuses(await repeat(11, (n) => portal.signIn(licenses[n % 2] ?? '', ATTACKER)));
  expect(answers).toEqual([...Array(10).fill(404), 429]);
});

test('no network address is stored with the counts', async () => {
  await guessCode(ATTACKER);
  await portal.ask('private@example.com', ATTACKER);
  expect(await dumpOf(portal.database)).not.toMatch(/203\.0\.113|private@example/);
});

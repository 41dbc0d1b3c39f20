import { randomUUID } from 'node:crypto';
import type { PortalChallenge, PortalSession } from '@smartserver/contracts';
import { dumpOf, expectProblem, outboxEvents } from '@smartserver/testing';
import { refreshCookieOf } from '../../test/harness.ts';
import { addressNumber, cookieOf, otherThan, type Portal, startPortal } from '../../test/portal.ts';
import { prune } from '../prune.ts';
import { newCode } from './code.ts';

/* The life of a code that is e-mailed: how often, how long, and for whom it works. */

const MINUTE = 60_000;

let portal: Portal;
beforeAll(async () => {
  portal = await startPortal();
});
afterAll(() => portal.close());
// Another full hour for each test: another slot, and no limit is reached.
beforeEach(() => portal.clock.advance(60 * MINUTE - (portal.clock.now().getTime() % (60 * MINUTE))));

test('a code works once, also when it comes ten times at once', async () => {
  await portal.newAccount('once@example.com');
  const challengeId = await portal.challenge('once@example.com');
  const code = await portal.codeFor('once@example.com');
  const tries = Array.from({ length: 10 }, (_, n) => portal.verify(challengeId, code, addressNumber(n)));
  const statuses = (await Promise.all(tries)).map((response) => response.statusCode);
  expect(statuses.filter((status) => status === 200)).toHaveLength(1);
  expect(statuses.filter((status) => status === 401)).toHaveLength(9);
  expectProblem(await portal.verify(challengeId, code), 401, 'challenge_failed');
});

test('a code works once, also for two challenges at once that share it', async () => {
  await portal.newAccount('shared@example.com');
  const challenges = [await portal.challenge('shared@example.com'), await portal.challenge('shared@example.com')];
  const code = await portal.codeFor('shared@example.com');
  const responses = await Promise.all(challenges.map((challengeId) => portal.verify(challengeId, code)));
  expect(responses.map((response) => response.statusCode).sort()).toEqual([200, 401]);
});

test('a code is good for 10 minutes', async () => {
  await portal.newAccount('late@example.com');
  const challengeId = await portal.challenge('late@example.com');
  const code = await portal.codeFor('late@example.com');
  portal.clock.advance(10 * MINUTE - 1);
  const sibling = await portal.challenge('late@example.com');
  expectProblem(await portal.verify(sibling, code), 401, 'challenge_failed');
  portal.clock.advance(1);
  expectProblem(await portal.verify(challengeId, code), 401, 'challenge_failed');
});

test('a code still works in its last millisecond', async () => {
  await portal.newAccount('edge@example.com');
  const challengeId = await portal.challenge('edge@example.com');
  portal.clock.advance(10 * MINUTE - 1);
  expect((await portal.verify(challengeId, await portal.codeFor('edge@example.com'))).statusCode).toBe(200);
});

test('a code may be tried five times: the fifth may be right, the sixth is too late', async () => {
  await portal.newAccount('tries@example.com');
  const challengeId = await portal.challenge('tries@example.com');
  const code = await portal.codeFor('tries@example.com');
  for (let n = 1; n <= 4; n += 1) {
    expectProblem(await portal.verify(challengeId, otherThan(code, n)), 401, 'challenge_failed');
  }
  expect((await portal.verify(challengeId, code)).statusCode).toBe(200);

  portal.clock.advance(MINUTE);
  const second = await portal.challenge('tries@example.com');
  const secondCode = await portal.codeFor('tries@example.com');
  for (let n = 1; n <= 5; n += 1) await portal.verify(second, otherThan(secondCode, n), addressNumber(n));
  expectProblem(await portal.verify(second, secondCode, addressNumber(6)), 401, 'challenge_failed');
});

test('a code tried a hundred times at once is looked at five times', async () => {
  await portal.newAccount('burst@example.com');
  const challengeId = await portal.challenge('burst@example.com');
  const code = await portal.codeFor('burst@example.com');
  const wrong = (n: number) => portal.verify(challengeId, otherThan(code, n + 1), addressNumber(1_000 + n));
  await Promise.all(Array.from({ length: 100 }, (_, n) => wrong(n)));
  const [row] = await portal.database.kysely
    .selectFrom('portal_challenges')
    .select('tries')
    .where('challenge_id', '=', challengeId)
    .execute();
  expect(row?.tries).toBe(5);
  expectProblem(await portal.verify(challengeId, code), 401, 'challenge_failed');
});

test('a code of one challenge does not work for another one', async () => {
  await portal.newAccount('one@example.com');
  await portal.newAccount('another@example.com');
  const one = await portal.challenge('one@example.com');
  await portal.challenge('another@example.com');
  const code = await portal.codeFor('another@example.com');
  if (code === (await portal.codeFor('one@example.com'))) return;
  expectProblem(await portal.verify(one, code), 401, 'challenge_failed');
});

test('a code is each of the million equally likely', () => {
  const draws = 200_000;
  const counts = Array<number>(100).fill(0);
  let highest = 0;
  for (let n = 0; n < draws; n += 1) {
    const code = Number(newCode(portal.secrets, randomUUID()));
    highest = Math.max(highest, code);
    const bin = Math.floor(code / 10_000);
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
  const expected = draws / counts.length;
  const chiSquare = counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
  // 99 degrees of freedom: more than 180 comes about once in a million times.
  expect(chiSquare).toBeLessThan(180);
  expect(highest).toBeLessThan(1_000_000);
});

test('a verification whose answer was lost gets the same session again with its idempotency key', async () => {
  await portal.newAccount('lost@example.com');
  const challengeId = await portal.challenge('lost@example.com');
  const code = await portal.codeFor('lost@example.com');
  const headers = { 'idempotency-key': randomUUID() };
  const wrong = { 'idempotency-key': randomUUID() };
  for (let n = 0; n < 6; n += 1) {
    // Repeated, a wrong one is the same wrong one: it uses up one try.
    expectProblem(await portal.verify(challengeId, otherThan(code), addressNumber(n), wrong), 401, 'challenge_failed');
  }
  const [first, again] = [
    await portal.verify(challengeId, code, '198.51.100.1', headers),
    await portal.verify(challengeId, code, '198.51.100.2', headers),
  ];
  expect([again.statusCode, again.body]).toEqual([200, first.body]);
  expect(refreshCookieOf(again)).toBe(refreshCookieOf(first));
  expectProblem(
    await portal.verify(challengeId, otherThan(code), '198.51.100.3', headers),
    422,
    'idempotency_key_reused',
  );
});

test('a code is nowhere in the clear: not in the outbox, nor any other table, nor the log; nor is a stranger’s address', async () => {
  await portal.newAccount('canary@example.com');
  const asked = await portal.ask('canary@example.com', '198.51.100.9', { 'idempotency-key': randomUUID() });
  await portal.ask('stranger@example.com');
  const code = await portal.codeFor('canary@example.com');
  const traces = async () => {
    const log = JSON.stringify(portal.logger.lines());
    const dump = await dumpOf(portal.database);
    // Six digits may stand in a longer number by chance.
    return [log, dump].join('\n').match(new RegExp(`(?<![0-9a-f])${code}(?![0-9a-f])|stranger@`, 'g'));
  };
  expect(await traces()).toBeNull();
  const { challengeId } = asked.json<PortalChallenge>();
  await portal.verify(challengeId, otherThan(code), '198.51.100.9', { 'idempotency-key': randomUUID() });
  const response = await portal.verify(challengeId, code, '198.51.100.9', { 'idempotency-key': randomUUID() });
  expect(await traces()).toBeNull();
  const dump = await dumpOf(portal.database);
  expect(dump).not.toContain(cookieOf(response));
  expect(dump).not.toContain(response.json<PortalSession>().accessToken);
  const envelopes = JSON.stringify(await outboxEvents(portal.database));
  expect(envelopes).not.toMatch(/"recipient"|"code"/);
});

test('codes and challenges that are good for nothing any more are deleted', async () => {
  await portal.newAccount('old@example.com');
  await portal.challenge('old@example.com');
  const counts = async () => [
    (await portal.database.kysely.selectFrom('portal_codes').selectAll().execute()).length,
    (await portal.database.kysely.selectFrom('portal_challenges').selectAll().execute()).length,
  ];
  portal.clock.advance(10 * MINUTE - 1);
  await prune(portal);
  expect(await counts()).toEqual([1, 1]);
  portal.clock.advance(1);
  await prune(portal);
  expect(await counts()).toEqual([0, 0]);
});

import { randomUUID } from 'node:crypto';
import { expectProblem } from '@smartserver/testing';
import type { LightMyRequestResponse } from 'fastify';
import pg from 'pg';
import { addressNumber, otherThan, type Portal, startPortal, wholeAnswer } from '../../test/portal.ts';

/* Known and unknown are answered alike: in content, in headers, and by the same statements. portal-timing.test.ts: in time. */

const MINUTE = 60_000;
/** The request id is in the answer, if the caller gives one. */
const SAME = { 'x-request-id': 'the-same-for-all' };

let portal: Portal;
beforeAll(async () => {
  portal = await startPortal();
  await portal.newAccount('known@example.com');
});
afterAll(() => portal.close());
beforeEach(() => portal.clock.advance(60 * MINUTE));

/** Statements that a request runs, in their order; each with how many rows it found or changed. */
const statementsOf = async (request: () => Promise<LightMyRequestResponse>): Promise<string[]> => {
  const statements: string[] = [];
  const original = pg.Client.prototype.query;
  const spy = jest.spyOn(pg.Client.prototype, 'query').mockImplementation(function (
    this: pg.Client,
    ...args: unknown[]
  ) {
    const [query] = args as [string | { text: string }];
    statements.push(typeof query === 'string' ? query : query.text);
    return Reflect.apply(original, this, args);
  });
  try {
    await request();
  } finally {
    spy.mockRestore();
  }
  return statements;
};

const alike = (answers: LightMyRequestResponse[]) =>
  new Set(answers.map((answer) => JSON.stringify(wholeAnswer(answer)))).size === 1;

test('asking for a code is answered alike for a contact, a former contact, a partner’s user and a stranger', async () => {
  const { customerId, contactId } = await portal.newAccount('former@example.com');
  await portal.removeContact(customerId, contactId);
  await portal.newPartnerUser('partner@example.com');
  const emails = ['known@example.com', 'former@example.com', 'partner@example.com', 'stranger@example.com'];
  const answers = [];
  for (const [n, email] of emails.entries()) answers.push(await portal.ask(email, addressNumber(n), SAME));
  expect(answers.map((answer) => answer.statusCode)).toEqual([202, 202, 202, 202]);
  expect(alike(answers)).toBe(true);
  // Also when they ask again.
  const again = [];
  for (const [n, email] of emails.entries()) again.push(await portal.ask(email, addressNumber(n), SAME));
  expect(alike([...answers, ...again])).toBe(true);
});

test('every code that does not sign in is answered alike, to the byte', async () => {
  await portal.newAccount('used@example.com');
  await portal.newAccount('tried@example.com');
  const expired = await portal.challenge('known@example.com');
  const expiredCode = await portal.codeFor('known@example.com');
  portal.clock.advance(11 * MINUTE);
  const used = await portal.challenge('used@example.com');
  const usedCode = await portal.codeFor('used@example.com');
  await portal.verify(used, usedCode);
  const tried = await portal.challenge('tried@example.com');
  const triedCode = await portal.codeFor('tried@example.com');
  for (let n = 1; n <= 5; n += 1) await portal.verify(tried, otherThan(triedCode, n), addressNumber(n));
  const known = await portal.challenge('known@example.com');
  const stranger = await portal.challenge('stranger@example.com');
  const strangersCode = (await portal.messages()).at(-1)?.code ?? '';

  const answers = [
    await portal.verify(known, otherThan(await portal.codeFor('known@example.com')), addressNumber(10), SAME),
    await portal.verify(stranger, otherThan(strangersCode), addressNumber(11), SAME),
    await portal.verify(stranger, strangersCode, addressNumber(12), SAME),
    await portal.verify(expired, expiredCode, addressNumber(13), SAME),
    await portal.verify(used, usedCode, addressNumber(14), SAME),
    await portal.verify(tried, triedCode, addressNumber(15), SAME),
    await portal.verify(randomUUID(), '123456', addressNumber(16), SAME),
  ];
  for (const answer of answers) expectProblem(answer, 401, 'challenge_failed');
  expect(alike(answers)).toBe(true);
});

test('asking for a code runs the same statements for a known and an unknown address', async () => {
  const known = await statementsOf(() => portal.ask('known@example.com', addressNumber(1)));
  const unknown = await statementsOf(() => portal.ask('stranger@example.com', addressNumber(2)));
  expect(known.length).toBeGreaterThan(5);
  expect(unknown).toEqual(known);
});

test('a wrong code runs the same statements whether the address is known, unknown, or there is no such challenge', async () => {
  const challenges = [await portal.challenge('known@example.com'), await portal.challenge('stranger@example.com')];
  const runs = [];
  for (const [n, challengeId] of [...challenges, randomUUID()].entries()) {
    const code = otherThan((await portal.messages()).at(n - 2)?.code ?? '0');
    runs.push(await statementsOf(() => portal.verify(challengeId, code, addressNumber(n))));
  }
  expect(runs[0]?.length).toBeGreaterThan(3);
  expect(runs[1]).toEqual(runs[0]);
  expect(runs[2]).toEqual(runs[0]);
});

test('a License ID that does not sign in runs the same statements, whatever is wrong with it', async () => {
  const licenses = [
    randomUUID(),
    await portal.licenseChanged(portal.inInventory),
    await portal.licenseChanged({ standing: 'revoked' }),
  ];
  const runs = [];
  for (const [n, licenseId] of licenses.entries()) {
    runs.push(await statementsOf(() => portal.signIn(licenseId, addressNumber(n))));
  }
  expect(runs[0]?.length).toBeGreaterThan(2);
  expect(runs[1]).toEqual(runs[0]);
  expect(runs[2]).toEqual(runs[0]);
});

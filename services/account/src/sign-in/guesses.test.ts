import { expectProblem } from '@smartserver/testing';
import { otpAt, PASSWORD, startTestApp, type TestApp } from '../../test/harness.ts';
import { prune } from '../prune.ts';

let account: TestApp;
beforeAll(async () => {
  account = await startTestApp();
});
afterAll(() => account.close());

const ATTACKER = '203.0.113.66';
const OWNER = '192.0.2.10';

const guess = (email: string, from: string, password = 'wrong') => account.login({ email, password }, from);

test('after 5 wrong passwords an address has to wait for this account, as long as Retry-After says', async () => {
  await account.newPartnerUser('victim@example.com');
  for (let n = 0; n < 5; n += 1) {
    expectProblem(await guess('victim@example.com', ATTACKER), 401, 'invalid_credentials');
  }
  const refused = await guess('victim@example.com', ATTACKER, PASSWORD);
  expectProblem(refused, 429, 'rate_limited');
  expect(refused.headers['retry-after']).toBe('900');
  account.clock.advance(899_000);
  const still = await guess('VICTIM@example.com', ATTACKER, PASSWORD);
  expect([still.statusCode, still.headers['retry-after']]).toEqual([429, '1']);
  account.clock.advance(1_000);
  expect((await guess('victim@example.com', ATTACKER, PASSWORD)).statusCode).toBe(200);
});

test('guesses from other addresses do not lock the owner out', async () => {
  await account.newPartnerUser('owner@example.com');
  for (let host = 1; host <= 20; host += 1) {
    for (let n = 0; n < 6; n += 1) await guess('owner@example.com', `198.51.100.${host}`);
  }
  expect((await guess('owner@example.com', OWNER, PASSWORD)).statusCode).toBe(200);
});

test('a hundred guesses sent at once from one address verify 5 passwords', async () => {
  await account.newPartnerUser('burst@example.com');
  account.passwords.verified.length = 0;
  const responses = await Promise.all(Array.from({ length: 100 }, () => guess('burst@example.com', '203.0.113.99')));
  expect(responses.filter((r) => r.statusCode === 401)).toHaveLength(5);
  expect(responses.filter((r) => r.statusCode === 429)).toHaveLength(95);
  expect(account.passwords.verified).toHaveLength(5);
});

test('unknown addresses are limited as known ones are', async () => {
  const statuses: number[] = [];
  for (let n = 0; n < 6; n += 1) statuses.push((await guess('nobody@example.com', '203.0.113.5')).statusCode);
  expect(statuses).toEqual([401, 401, 401, 401, 401, 429]);
});

test('an address that tries many accounts has to wait after 60 guesses', async () => {
  const statuses: number[] = [];
  for (let n = 0; n < 61; n += 1) statuses.push((await guess(`spray${n}@example.com`, '203.0.113.7')).statusCode);
  expect(statuses.slice(0, 60)).toEqual(Array(60).fill(401));
  expect(statuses[60]).toBe(429);
});

test('sign-ins that succeed are not counted: an office behind one address is not locked out', async () => {
  await account.newPartnerUser('office@example.com');
  for (let n = 0; n < 70; n += 1) {
    expect((await guess('office@example.com', '203.0.113.8', PASSWORD)).statusCode).toBe(200);
  }
});

test('who knows the password has 10 guesses at the second factor, from however many addresses', async () => {
  const token = await account.newStaffInvitation('guarded@enocean.example');
  const { secret } = (await account.accept(token)).json().secondFactor;
  const body = { email: 'guarded@enocean.example', password: PASSWORD };
  for (let n = 0; n < 10; n += 1) {
    expectProblem(await account.login({ ...body, otp: '000000' }, `203.0.113.${100 + n}`), 401, 'invalid_credentials');
  }
  const right = { ...body, otp: otpAt(secret, account.clock.now()) };
  expectProblem(await account.login(right, '203.0.113.120'), 429, 'rate_limited');
  account.clock.advance(15 * 60_000);
  const later = { ...body, otp: otpAt(secret, account.clock.now()) };
  expect((await account.login(later, '203.0.113.120')).statusCode).toBe(200);
});

test('being asked for the second factor is no guess', async () => {
  const token = await account.newStaffInvitation('forgetful@enocean.example');
  await account.accept(token);
  for (let n = 0; n < 10; n += 1) {
    const answer = await account.login({ email: 'forgetful@enocean.example', password: PASSWORD }, '203.0.113.130');
    expectProblem(answer, 401, 'second_factor_required');
  }
});

test('neither e-mail addresses nor network addresses are stored with the counts, and old counts are deleted', async () => {
  await guess('private@example.com', '203.0.113.200');
  const rows = () => account.database.kysely.selectFrom('guess_counts').selectAll().execute();
  const text = (await rows()).map((row) => row.bucket.toString('latin1')).join();
  expect(text).not.toMatch(/private@example|203\.0\.113/);
  account.clock.advance(15 * 60_000 + 1);
  await prune(account);
  expect(await rows()).toEqual([]);
});

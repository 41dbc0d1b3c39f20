import { randomUUID } from 'node:crypto';
import { expectProblem } from '@smartserver/testing';
import { otpAt, PASSWORD, startTestApp, type TestApp } from '../../test/harness.ts';

let account: TestApp;
beforeAll(async () => {
  account = await startTestApp();
});
afterAll(() => account.close());

const inviteUser = async (email: string): Promise<string> => {
  const partnerId = await account.newPartner();
  return (await account.invite(partnerId, { email, role: 'admin' })).json().invitationToken;
};
const inviteStaff = (email: string): Promise<string> => account.newStaffInvitation(email);

test('an invited partner user sets a password and can sign in with it', async () => {
  const token = await inviteUser('new@example.com');
  const accepted = await account.accept(token);
  expect(accepted.json()).toEqual({ email: 'new@example.com', secondFactor: null });
  expect((await account.login({ email: 'new@example.com', password: PASSWORD })).statusCode).toBe(200);
});

test('invited staff gets the secret of its second factor once, encrypted at rest, and needs it to sign in', async () => {
  const accepted = (await account.accept(await inviteStaff('staff@enocean.example'))).json();
  const { secret, otpauthUrl } = accepted.secondFactor;
  expect(secret).toMatch(/^[A-Z2-7]{32}$/);
  expect(otpauthUrl).toContain(`secret=${secret}`);
  const rows = await account.database.kysely.selectFrom('users').selectAll().execute();
  expect(rows.map((row) => row.second_factor_sealed?.toString('latin1'))).not.toContainEqual(
    expect.stringContaining(secret),
  );
  const credentials = { email: 'staff@enocean.example', password: PASSWORD };
  expectProblem(await account.login(credentials), 401, 'second_factor_required');
  const otp = otpAt(secret, account.clock.now());
  expect((await account.login({ ...credentials, otp })).statusCode).toBe(200);
});

test('staff that is invited twice before it accepts has the newest invitation only', async () => {
  const [first, second] = [await inviteStaff('twice@enocean.example'), await inviteStaff('twice@enocean.example')];
  expect(first).not.toBe(second);
  expectProblem(await account.accept(first), 404, 'invitation_not_found');
  expect((await account.accept(second)).statusCode).toBe(200);
});

test('an invitation accepted ten times at once is accepted once, with one password', async () => {
  const token = await inviteUser('race@example.com');
  const passwords = Array.from({ length: 10 }, (_, n) => `password number ${n}`);
  const responses = await Promise.all(passwords.map((password) => account.accept(token, password)));
  const winners = passwords.filter((_, n) => responses[n]?.statusCode === 200);
  expect(winners).toHaveLength(1);
  for (const response of responses.filter((r) => r.statusCode !== 200)) {
    expectProblem(response, 404, 'invitation_not_found');
  }
  const email = 'race@example.com';
  expect((await account.login({ email, password: String(winners[0]) })).statusCode).toBe(200);
});

test('an invitation whose answer was lost is accepted again with the same idempotency key and body only', async () => {
  const token = await inviteStaff('lost@enocean.example');
  const headers = { 'idempotency-key': randomUUID() };
  const first = await account.accept(token, PASSWORD, headers);
  const again = await account.accept(token, PASSWORD, headers);
  expect([again.statusCode, again.body]).toEqual([200, first.body]);
  expectProblem(await account.accept(token, 'another password', headers), 422, 'idempotency_key_reused');
  expectProblem(await account.accept(token, PASSWORD), 404, 'invitation_not_found');
});

test('an invitation ends after 7 days', async () => {
  const token = await inviteUser('late@example.com');
  account.clock.advance(7 * 24 * 3600 * 1000);
  expectProblem(await account.accept(token), 404, 'invitation_not_found');
});

test.each([
  ['unknown', 'A'.repeat(43)],
  ['not even a token', '%F0%9F%98%80'],
])('a token that is %s is not found', async (_, token) => {
  expectProblem(await account.accept(token), 404, 'invitation_not_found');
});

test('a password shorter than 12 characters is refused and echoed nowhere', async () => {
  const response = await account.accept(await inviteUser('short@example.com'), 'swordfish');
  const problem = expectProblem(response, 400, 'validation_failed');
  expect(problem.errors?.[0]?.pointer).toBe('/password');
  expect(response.body).not.toContain('swordfish');
  expect(JSON.stringify(account.logger.lines())).not.toContain('swordfish');
});

test('neither a password nor a plain hash of the request that held it is stored with the idempotency key', async () => {
  const rows = await account.database.kysely.selectFrom('idempotency_keys').selectAll().execute();
  expect(rows.length).toBeGreaterThan(0);
  expect(JSON.stringify(rows)).not.toContain(PASSWORD);
});

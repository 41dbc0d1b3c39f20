import { randomUUID } from 'node:crypto';
import { expectProblem } from '@smartserver/testing';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import { otpAt, PASSWORD, refreshCookieOf, startTestApp, type TestApp, withoutInstance } from '../../test/harness.ts';

let account: TestApp;
beforeAll(async () => {
  account = await startTestApp();
});
afterAll(() => account.close());

const refresh = (cookie: string) =>
  account.call({ method: 'POST', url: '/v1/auth/refresh', headers: { cookie: `refresh_token=${cookie}` } });
const logout = (cookie: string) =>
  account.call({ method: 'POST', url: '/v1/auth/logout', headers: { cookie: `refresh_token=${cookie}` } });
const signIn = async (email: string): Promise<string> => {
  await account.newPartnerUser(email);
  return refreshCookieOf(await account.login({ email, password: PASSWORD }));
};
const newStaff = async (email: string): Promise<string> => {
  const token = await account.newStaffInvitation(email);
  return (await account.accept(token)).json().secondFactor.secret;
};

test('a sign-in gives an access token of 15 minutes that says who it is, and a refresh cookie only sign-in gets', async () => {
  const { userId, partnerId } = await account.newPartnerUser('in@example.com', 'member');
  const response = await account.login({ email: 'IN@example.com', password: PASSWORD });
  expect(response.statusCode).toBe(200);
  expect(response.headers['cache-control']).toBe('no-store');
  const { accessToken, ...rest } = response.json();
  expect(rest).toEqual({ tokenType: 'Bearer', expiresIn: 900 });
  expect(decodeProtectedHeader(accessToken)).toMatchObject({ alg: 'EdDSA', typ: 'at+jwt' });
  const iat = account.clock.now().getTime() / 1000;
  expect(decodeJwt(accessToken)).toMatchObject({
    iss: 'smartserver-license-management',
    aud: 'smartserver-license-api',
    sub: userId,
    actor: 'partner_user',
    role: 'member',
    partnerId,
    iat,
    exp: iat + 900,
  });
  expect(String(response.headers['set-cookie'])).toMatch(
    /^refresh_token=[^;]+; Max-Age=43200; Path=\/v1\/auth; HttpOnly; Secure; SameSite=Strict$/,
  );
  const headers = { authorization: `Bearer ${accessToken}` };
  const me = await account.call({ method: 'GET', url: '/v1/me', headers });
  expect(me.json()).toMatchObject({ kind: 'partner_user', id: userId, email: 'in@example.com', role: 'member' });
});

test('an unknown address, a wrong password, an invited and a disabled user are answered alike, after the same work', async () => {
  await account.newPartnerUser('known@example.com');
  const partnerId = await account.newPartner();
  await account.invite(partnerId, { email: 'invited@example.com', role: 'admin' });
  await account.newPartnerUser('disabled@example.com');
  const isDisabled = { status: 'disabled' } as const;
  const disable = account.database.kysely.updateTable('users').set(isDisabled);
  await disable.where('email', '=', 'disabled@example.com').execute();
  account.passwords.verified.length = 0;
  const answers = [
    await account.login({ email: 'unknown@example.com', password: PASSWORD }),
    await account.login({ email: 'known@example.com', password: 'wrong' }),
    await account.login({ email: 'invited@example.com', password: PASSWORD }),
    await account.login({ email: 'disabled@example.com', password: PASSWORD }),
  ];
  for (const answer of answers) expectProblem(answer, 401, 'invalid_credentials');
  expect(new Set(answers.map((a) => JSON.stringify(withoutInstance(a)))).size).toBe(1);
  // One verification each, of the stand-in hash where there is none.
  expect(account.passwords.verified).toEqual([null, `hash of ${PASSWORD}`, null, `hash of ${PASSWORD}`]);
});

test('a one-time code works once, also when it comes ten times at once', async () => {
  const secret = await newStaff('otp@enocean.example');
  const body = { email: 'otp@enocean.example', password: PASSWORD, otp: otpAt(secret, account.clock.now()) };
  // From different addresses, or the limit of guesses would refuse them first.
  const responses = await Promise.all(Array.from({ length: 10 }, (_, n) => account.login(body, `198.51.100.${n + 1}`)));
  expect(responses.filter((r) => r.statusCode === 200)).toHaveLength(1);
  for (const response of responses.filter((r) => r.statusCode !== 200)) {
    expectProblem(response, 401, 'invalid_credentials');
  }
  account.clock.advance(30_000);
  expectProblem(await account.login(body), 401, 'invalid_credentials');
  const next = { ...body, otp: otpAt(secret, account.clock.now()) };
  expect((await account.login(next)).statusCode).toBe(200);
});

test('a one-time code of the step before is accepted, one of two steps before is not', async () => {
  const secret = await newStaff('drift@enocean.example');
  const then = account.clock.now();
  const body = { email: 'drift@enocean.example', password: PASSWORD, otp: otpAt(secret, then) };
  account.clock.advance(60_000);
  expectProblem(await account.login(body), 401, 'invalid_credentials');
  const before = new Date(account.clock.now().getTime() - 30_000);
  expect((await account.login({ ...body, otp: otpAt(secret, before) })).statusCode).toBe(200);
});

test('a partner user with a second factor needs it, too', async () => {
  const { userId } = await account.newPartnerUser('careful@example.com');
  const secret = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP';
  const sealed = account.secrets.seal(Buffer.from(secret), userId);
  const users = account.database.kysely.updateTable('users').set({ second_factor_sealed: sealed });
  await users.where('user_id', '=', userId).execute();
  const body = { email: 'careful@example.com', password: PASSWORD };
  expectProblem(await account.login(body), 401, 'second_factor_required');
  expectProblem(await account.login({ ...body, otp: '000000' }), 401, 'invalid_credentials');
  const otp = otpAt(secret, account.clock.now());
  expect((await account.login({ ...body, otp })).statusCode).toBe(200);
});

test('a sign-in whose answer was lost gets the same answer again with its idempotency key, one-time code included', async () => {
  const secret = await newStaff('retry@enocean.example');
  const body = { email: 'retry@enocean.example', password: PASSWORD, otp: otpAt(secret, account.clock.now()) };
  const headers = { 'idempotency-key': randomUUID() };
  const [first, again] = [
    await account.login(body, '192.0.2.7', headers),
    await account.login(body, '192.0.2.8', headers),
  ];
  expect([again.statusCode, again.body]).toEqual([200, first.body]);
  expect(refreshCookieOf(again)).toBe(refreshCookieOf(first));
  expectProblem(await account.login({ ...body, password: 'wrong' }, '192.0.2.9', headers), 401, 'invalid_credentials');
  const rows = await account.database.kysely.selectFrom('idempotency_keys').selectAll().execute();
  expect(JSON.stringify(rows)).not.toContain(refreshCookieOf(first));
  expect(JSON.stringify(rows)).not.toContain(first.json().accessToken);
});

test('a refresh replaces the token and gives a new access token', async () => {
  const first = await signIn('refresh@example.com');
  account.clock.advance(10 * 60_000);
  const response = await refresh(first);
  expect(response.statusCode).toBe(200);
  const second = refreshCookieOf(response);
  expect(second).not.toBe(first);
  const iat = account.clock.now().getTime() / 1000;
  expect(decodeJwt(response.json().accessToken)).toMatchObject({ iat, exp: iat + 900 });
  expect((await refresh(second)).statusCode).toBe(200);
});

test('tabs that refresh at the same moment all get the same successor, and the session lives on', async () => {
  const first = await signIn('tabs@example.com');
  const responses = await Promise.all([refresh(first), refresh(first), refresh(first)]);
  expect(responses.map((r) => r.statusCode)).toEqual([200, 200, 200]);
  const successors = new Set(responses.map(refreshCookieOf));
  expect(successors.size).toBe(1);
  account.clock.advance(60_000);
  expect((await refresh([...successors][0] ?? '')).statusCode).toBe(200);
});

test('a token that was replaced more than 10 seconds ago ends the session for everybody who has one of its tokens', async () => {
  const stolen = await signIn('stolen@example.com');
  const owned = refreshCookieOf(await refresh(stolen));
  account.clock.advance(10_001);
  expectProblem(await refresh(stolen), 401, 'session_expired');
  expectProblem(await refresh(owned), 401, 'session_expired');
});

test('a token two generations old ends the session also within 10 seconds', async () => {
  const first = await signIn('old@example.com');
  const third = refreshCookieOf(await refresh(refreshCookieOf(await refresh(first))));
  expectProblem(await refresh(first), 401, 'session_expired');
  expectProblem(await refresh(third), 401, 'session_expired');
});

test('the end of one session leaves the others of the user alone', async () => {
  const one = await signIn('two@example.com');
  const other = refreshCookieOf(await account.login({ email: 'two@example.com', password: PASSWORD }));
  expect((await logout(one)).statusCode).toBe(204);
  expectProblem(await refresh(one), 401, 'session_expired');
  expect((await refresh(other)).statusCode).toBe(200);
});

test('a sign-out deletes the cookie, may be repeated, and answers alike without a session', async () => {
  const cookie = await signIn('out@example.com');
  const answers = [await logout(cookie), await logout(cookie), await logout('nonsense')];
  for (const answer of answers) {
    expect(answer.statusCode).toBe(204);
    expect(String(answer.headers['set-cookie'])).toContain('refresh_token=; Max-Age=0; Path=/v1/auth');
  }
});

test('a session ends 12 hours after its last refresh', async () => {
  const cookie = await signIn('idle@example.com');
  account.clock.advance(12 * 3600 * 1000 - 1);
  const next = refreshCookieOf(await refresh(cookie));
  account.clock.advance(12 * 3600 * 1000);
  expectProblem(await refresh(next), 401, 'session_expired');
});

test('a session ends 7 days after the sign-in, however often it was refreshed', async () => {
  let cookie = await signIn('week@example.com');
  for (let hours = 0; hours < 7 * 24 - 6; hours += 6) {
    account.clock.advance(6 * 3600 * 1000);
    cookie = refreshCookieOf(await refresh(cookie));
  }
  account.clock.advance(6 * 3600 * 1000);
  expectProblem(await refresh(cookie), 401, 'session_expired');
});

test('a disabled user cannot refresh, and a refreshed token has the role of now', async () => {
  const { userId } = await account.newPartnerUser('demoted@example.com', 'admin');
  let cookie = refreshCookieOf(await account.login({ email: 'demoted@example.com', password: PASSWORD }));
  const users = () => account.database.kysely.updateTable('users').where('user_id', '=', userId);
  await users().set({ role: 'viewer' }).execute();
  const response = await refresh(cookie);
  expect(decodeJwt(response.json().accessToken)).toMatchObject({ role: 'viewer' });
  cookie = refreshCookieOf(response);
  await users().set({ status: 'disabled' }).execute();
  expectProblem(await refresh(cookie), 401, 'session_expired');
});

test('refresh tokens that were altered, made up or left out are refused', async () => {
  const cookie = await signIn('forge@example.com');
  const [sessionId, , mac] = cookie.split('.');
  for (const forged of [`${sessionId}.2.${mac}`, `${randomUUID()}.1.${mac}`, cookie.slice(0, -1), '', 'a.b.c']) {
    expectProblem(await refresh(forged), 401, 'session_expired');
  }
  expectProblem(await account.call({ method: 'POST', url: '/v1/auth/refresh' }), 401, 'session_expired');
  expect((await refresh(cookie)).statusCode).toBe(200);
});

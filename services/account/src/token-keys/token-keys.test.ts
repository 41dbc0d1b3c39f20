import { createTokenVerifier } from '@smartserver/service-kit';
import { actors, testClock, tokenCheck } from '@smartserver/testing';
import { calculateJwkThumbprint, createLocalJWKSet, decodeProtectedHeader, jwtVerify } from 'jose';
import { startTestApp, type TestApp } from '../../test/harness.ts';
import { createSecrets } from '../security/secrets.ts';
import { newToken } from './access-token.ts';
import { createKeyRing, ensureSigningKey } from './key-ring.ts';
import { rotateSigningKey } from './rotate.ts';

let account: TestApp;
beforeEach(async () => {
  account = await startTestApp();
});
afterEach(() => account.close());

const MINUTE = 60_000;
const jwks = async () => (await account.call({ method: 'GET', url: '/.well-known/jwks.json' })).json();
const kids = async (): Promise<string[]> => (await jwks()).keys.map((key: { kid: string }) => key.kid);

/** Another process of the service, on the same database. */
const replica = () => {
  const keys = createKeyRing(account);
  return { sign: () => keys.sign(newToken(account, actors.staff(), account.clock.now())) };
};
const kidOf = (token: string) => decodeProtectedHeader(token).kid;

test('the key set is public, may be kept for 5 minutes, and verifies tokens with any JOSE library', async () => {
  const response = await account.call({ method: 'GET', url: '/.well-known/jwks.json' });
  expect(response.statusCode).toBe(200);
  expect(response.headers['cache-control']).toBe('public, max-age=300');
  const [key] = response.json().keys;
  expect(key).toEqual({
    kty: 'OKP',
    crv: 'Ed25519',
    x: expect.any(String),
    kid: expect.any(String),
    alg: 'EdDSA',
    use: 'sig',
  });
  expect(key.kid).toBe(await calculateJwkThumbprint(key));
  const token = await replica().sign();
  const verified = await jwtVerify(token, createLocalJWKSet(response.json()), {
    issuer: 'smartserver-license-management',
    audience: 'smartserver-license-api',
    typ: 'at+jwt',
    algorithms: ['EdDSA'],
    currentDate: account.clock.now(),
  });
  expect(verified.payload).toMatchObject({ actor: 'staff' });
});

test('replicas that start at once on an empty database agree on one key', async () => {
  await account.database.kysely.deleteFrom('signing_keys').execute();
  await Promise.all(Array.from({ length: 8 }, () => ensureSigningKey(account)));
  const rows = await account.database.kysely.selectFrom('signing_keys').selectAll().execute();
  expect(rows).toHaveLength(1);
  const tokens = await Promise.all([replica().sign(), replica().sign()]);
  expect(tokens.map(kidOf)).toEqual([rows[0]?.kid, rows[0]?.kid]);
});

test('private keys are encrypted at rest: without ACCOUNT_SECRET_KEY no process can sign', async () => {
  const row = await account.database.kysely.selectFrom('signing_keys').selectAll().executeTakeFirstOrThrow();
  // A PKCS #8 Ed25519 key begins with this.
  expect(row.private_key_sealed.includes(Buffer.from('302e020100300506032b6570', 'hex'))).toBe(false);
  const foreign = createKeyRing({ ...account, secrets: createSecrets(Buffer.alloc(32, 8)) });
  await expect(foreign.sign(newToken(account, actors.staff(), account.clock.now()))).rejects.toThrow();
});

test('in a rotation the new key is published 15 minutes before it signs, and the old one until its last token has expired', async () => {
  const [old] = await kids();
  const { kid: next, signsFrom, created } = await rotateSigningKey(account);
  expect(created).toBe(true);
  expect(signsFrom.getTime() - account.clock.now().getTime()).toBe(15 * MINUTE);
  account.clock.advance(MINUTE);
  expect(await kids()).toEqual([next, old]);
  expect(kidOf(await replica().sign())).toBe(old);
  account.clock.advance(14 * MINUTE - 1);
  expect(kidOf(await replica().sign())).toBe(old);
  account.clock.advance(1);
  expect(kidOf(await replica().sign())).toBe(next);
  account.clock.advance(20 * MINUTE - 1);
  expect(await kids()).toEqual([next, old]);
  account.clock.advance(MINUTE);
  expect(await kids()).toEqual([next]);
});

test('a rotation under way is not started again; afterwards the next one deletes keys that are not needed', async () => {
  const [old] = await kids();
  const first = await rotateSigningKey(account);
  const again = await rotateSigningKey(account);
  expect(again).toEqual({ ...first, created: false });
  account.clock.advance(60 * MINUTE);
  const second = await rotateSigningKey(account);
  const rows = await account.database.kysely.selectFrom('signing_keys').select('kid').execute();
  expect(rows.map((row) => row.kid).sort()).toEqual([first.kid, second.kid].sort());
  expect(rows.map((row) => row.kid)).not.toContain(old);
});

test('rotations started by ten operators at once are one rotation', async () => {
  const rotations = await Promise.all(Array.from({ length: 10 }, () => rotateSigningKey(account)));
  expect(rotations.filter((r) => r.created)).toHaveLength(1);
  expect(new Set(rotations.map((r) => r.kid)).size).toBe(1);
});

test('through two rotations, no token of any replica fails at a verifier that keeps the key set for 10 minutes', async () => {
  const replicas = [replica(), replica()];
  let kept = { at: Number.NEGATIVE_INFINITY, set: await jwks() };
  // A verifier behind a cache of 5 minutes, that asks again every 5 minutes and learns nothing new from an unknown key.
  const verifier = createTokenVerifier({
    clock: account.clock,
    refreshIntervalMs: 5 * MINUTE,
    refetchIntervalMs: 0,
    wait: async () => undefined,
    jwks: async () => {
      if (account.clock.now().getTime() - kept.at >= 5 * MINUTE) {
        kept = { at: account.clock.now().getTime(), set: await jwks() };
      }
      return kept.set;
    },
  });
  const verify = tokenCheck(verifier);
  const alive: { token: string; until: number }[] = [];
  const used = new Set<string | undefined>();
  for (let minute = 0; minute < 120; minute += 1) {
    if (minute === 12 || minute === 63) await rotateSigningKey(account);
    for (const each of replicas) {
      const token = await each.sign();
      used.add(kidOf(token));
      alive.push({ token, until: account.clock.now().getTime() + 15 * MINUTE });
    }
    const valid = alive.filter(({ until }) => until > account.clock.now().getTime());
    for (const { token } of valid) await expect(verify(token)).resolves.toMatchObject({ kind: 'staff' });
    account.clock.advance(MINUTE);
  }
  expect(used.size).toBe(3);
});

test('a replica signs on with the keys it knows while the database is away, for less time than a key is published ahead', async () => {
  const clock = testClock();
  const keys = createKeyRing({ ...account, clock });
  const sign = () => keys.sign(newToken(account, actors.staff(), clock.now()));
  const { kid } = decodeProtectedHeader(await sign());
  const broken = account.database.kysely.schema.alterTable('signing_keys').renameTo('signing_keys_away');
  await broken.execute();
  clock.advance(9 * MINUTE);
  expect(kidOf(await sign())).toBe(kid);
  clock.advance(MINUTE);
  await expect(sign()).rejects.toThrow();
});

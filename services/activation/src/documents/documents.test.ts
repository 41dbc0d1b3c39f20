import type { LicenseKeys, SignedLicenseDocument } from '@smartserver/contracts';
import { exportPrivateKey, exportPublicKey, generateKey, keyId, verifyDocument } from '@smartserver/license-document';
import { ConfigError } from '@smartserver/service-kit';
import { actors, expectProblem, testClock, testLogger } from '@smartserver/testing';
import { givenAccount, givenCms } from '../../test/given.ts';
import { type Harness, signingSet, startHarness } from '../../test/harness.ts';
import { DocumentSigner } from './signer.ts';
import { loadSigningSet } from './signing-set.ts';

/* License documents: for the controller, its partner and staff; believed with the root key alone. */

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness();
});
afterAll(() => harness.close());

test('the document’s ETag is its serial, and a controller that has it gets 304 without a body', async () => {
  const account = await givenAccount(harness, [{}]);
  const device = await givenCms(harness, account);
  await device.activate(account.licenseIds);
  const first = await device.document();
  expect([first.statusCode, first.headers.etag]).toEqual([200, '"1"']);
  for (const tag of ['"1"', 'W/"1"', '"0", "1"', '*']) {
    const again = await device.document({ 'if-none-match': tag });
    expect([again.statusCode, again.body, again.headers.etag]).toEqual([304, '', '"1"']);
  }
  expect((await device.document({ 'if-none-match': '"0"' })).body).toBe(first.body);
});

test('controller, partner and staff read the same bytes', async () => {
  const account = await givenAccount(harness, [{}]);
  const device = await givenCms(harness, account);
  const { body } = await device.document();
  for (const actor of [
    actors.staff(),
    actors.partnerUser(account.partnerId, 'viewer'),
    actors.apiClient(account.partnerId),
  ]) {
    expect((await harness.get(actor, `${device.url}/license-document`)).body).toBe(body);
  }
  expectProblem(
    await harness.get(actors.customer({ customerIds: [account.customerId] }), `${device.url}/license-document`),
    403,
    'scope_missing',
  );
});

test('the license keys are public, and are all that a verifier needs', async () => {
  const keys = (await harness.get(null, '/v1/license-keys')).json<LicenseKeys>();
  expect(keys.root.kid).toBe(keyId(harness.set.rootPublicKey));
  expect(keys.root.publicKey).toBe(exportPublicKey(harness.set.rootPublicKey));
  expect(keys.signing).toEqual([
    { kid: keyId(harness.set.signingKey), certificate: harness.set.certificate, current: true, revoked: false },
  ]);
  expect(JSON.stringify(keys)).not.toContain('PRIVATE');
});

test('a document that was issued before a key rotation is signed again by the new key, with the same serial', async () => {
  const account = await givenAccount(harness, [{}]);
  const device = await givenCms(harness, account);
  await device.activate(account.licenseIds);
  const set = signingSet('2026-04-01T00:00:00Z', '2036-01-01T00:00:00Z', harness.set.rootKey);
  const clock = testClock('2026-04-02T00:00:00Z');
  const rotated = await harness.appOn(harness.database, new DocumentSigner(set, clock));
  const before = (await device.document()).json<SignedLicenseDocument>();
  const response = await rotated.inject({ url: `${device.url}/license-document`, headers: await tokenOf(device.cms) });
  const after = response.json<SignedLicenseDocument>();
  expect(after.jws).not.toBe(before.jws);
  const verified = verifyDocument(after.jws, {
    rootPublicKey: harness.set.rootPublicKey,
    minimumSerial: before.serial,
  });
  expect(verified.kid).toBe(keyId(set.signingKey));
  expect(verified.document).toEqual({ ...harness.verify(before), issuedAt: '2026-04-01T00:00:00.000Z' });
  await rotated.close();
});

test('when the certificate has run out nothing is activated or returned: no document could be believed', async () => {
  const account = await givenAccount(harness, [{}]);
  const device = await givenCms(harness, account);
  const late = await harness.appOn(
    harness.database,
    new DocumentSigner(harness.set, testClock('2036-01-01T00:00:01Z')),
  );
  const headers = { ...(await tokenOf(device.cms)), 'content-type': 'application/json' };
  for (const [path, body] of [
    ['activations', { licenseIds: account.licenseIds }],
    ['returns', { all: true }],
  ] as const) {
    const answer = await late.inject({
      method: 'POST',
      url: `${device.url}/${path}`,
      headers,
      payload: JSON.stringify(body),
    });
    expectProblem(answer, 503, 'unavailable');
  }
  await late.close();
  expect((await device.onIt()).json()).toMatchObject({ items: [] });
});

const tokenOf = async (actor: Parameters<Harness['get']>[0]) => {
  const { testVerifier } = await import('@smartserver/testing');
  return actor === null ? {} : { authorization: `Bearer ${testVerifier.tokenFor(actor)}` };
};

describe('the signing set is proven before the service starts', () => {
  const now = new Date('2026-03-01T00:00:00Z');
  const set = signingSet();
  const config = {
    NODE_ENV: 'production',
    LICENSE_SIGNING_KEY: exportPrivateKey(set.signingKey),
    LICENSE_KEY_PASSPHRASE: '',
    LICENSE_SIGNING_CERTIFICATE: set.certificate,
    LICENSE_ROOT_PUBLIC_KEY: exportPublicKey(set.rootPublicKey),
    LICENSE_PREVIOUS_CERTIFICATES: '',
    LICENSE_KEY_REVOCATIONS: '',
  };
  const load = (changes: Partial<typeof config>, at = now) =>
    loadSigningSet({ ...config, ...changes }, at, testLogger());

  test('a whole set is taken, also with an encrypted key', () => {
    expect(keyId(load({}).signingKey)).toBe(keyId(set.signingKey));
    const encrypted = exportPrivateKey(set.signingKey, 'long and random');
    const opened = load({ LICENSE_SIGNING_KEY: encrypted, LICENSE_KEY_PASSPHRASE: 'long and random' });
    expect(keyId(opened.signingKey)).toBe(keyId(set.signingKey));
  });

  const other = signingSet();
  test.each([
    ['a missing variable', { LICENSE_SIGNING_CERTIFICATE: '' }, now, 'LICENSE_SIGNING_CERTIFICATE is missing'],
    [
      'another key',
      { LICENSE_SIGNING_KEY: exportPrivateKey(other.signingKey) },
      now,
      'LICENSE_SIGNING_CERTIFICATE is not usable',
    ],
    [
      'another root',
      { LICENSE_ROOT_PUBLIC_KEY: exportPublicKey(generateKey()) },
      now,
      'LICENSE_SIGNING_CERTIFICATE is not usable',
    ],
    [
      'a private root key',
      { LICENSE_ROOT_PUBLIC_KEY: exportPrivateKey(generateKey()) },
      now,
      'LICENSE_ROOT_PUBLIC_KEY is not usable',
    ],
    ['no PEM', { LICENSE_SIGNING_KEY: 'secret-text' }, now, 'LICENSE_SIGNING_KEY is not usable'],
    [
      'a missing passphrase',
      { LICENSE_SIGNING_KEY: exportPrivateKey(set.signingKey, 'long') },
      now,
      'LICENSE_SIGNING_KEY is not usable',
    ],
    ['an expired certificate', {}, new Date('2036-01-01T00:00:01Z'), 'LICENSE_SIGNING_CERTIFICATE expired at 2036'],
    [
      'one that is not valid yet',
      {},
      new Date('2025-12-31T00:00:00Z'),
      'LICENSE_SIGNING_CERTIFICATE is not valid before 2026',
    ],
  ])('%s stops the start in one line that shows no key', (_name, changes, at, message) => {
    const attempt = () => load(changes, at);
    expect(attempt).toThrow(ConfigError);
    expect(attempt).toThrow(message);
    try {
      attempt();
    } catch (error) {
      expect(String(error)).not.toMatch(/\n|PRIVATE KEY|secret-text/);
    }
  });

  test('in production the set is needed; in development a passing one is made, and said so', () => {
    const none = { LICENSE_SIGNING_KEY: '', LICENSE_SIGNING_CERTIFICATE: '', LICENSE_ROOT_PUBLIC_KEY: '' };
    expect(() => load(none)).toThrow(/LICENSE_SIGNING_KEY is missing; .*LICENSE_ROOT_PUBLIC_KEY is missing/);
    const logger = testLogger();
    const made = loadSigningSet({ ...config, ...none, NODE_ENV: 'development' }, now, logger);
    expect(new DocumentSigner(made, testClock()).publicKeys().signing[0]?.kid).toBe(keyId(made.signingKey));
    expect(logger.lines()).toEqual([expect.objectContaining({ level: 40 })]);
  });
});

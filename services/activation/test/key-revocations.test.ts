import type { LicenseKeys, SignedLicenseDocument } from '@smartserver/contracts';
import {
  createSigner,
  exportPrivateKey,
  exportPublicKey,
  generateKey,
  issueRevocation,
  keyId,
  readLicenseFile,
  verifyDocument,
} from '@smartserver/license-document';
import { ConfigError } from '@smartserver/service-kit';
import { actors, expectProblem, testClock, testLogger, testVerifier } from '@smartserver/testing';
import type { FastifyInstance } from 'fastify';
import { resignDocuments } from '../src/commands.ts';
import { DocumentSigner, type SigningSet } from '../src/documents/document-signer.ts';
import { RevocationService } from '../src/documents/revocation-service.ts';
import { loadSigningSet } from '../src/documents/signing-set.ts';
import { givenAccount, givenCms } from './given.ts';
import { type Harness, signingSet, startHarness } from './harness.ts';
import { activated, customerOf, fileOf, givenBox, offline } from './offline-given.ts';

/* Guarantee 20: a signing key is stolen. It signs nothing any more, and whatever it has signed is replaced. */

let harness: Harness;
beforeEach(async () => {
  harness = await startHarness();
});
afterEach(() => harness.close());

const APRIL = '2026-04-01T00:00:00Z';
/** The key of the harness is stolen and revoked, another one takes over. */
const afterTheft = () => {
  const next = signingSet(APRIL, '2036-01-01T00:00:00Z', harness.set.rootKey);
  const stolen = keyId(harness.set.signingKey);
  const revocations = issueRevocation({
    rootKey: harness.set.rootKey,
    revokedKeyIds: [stolen],
    issuedAt: new Date(APRIL),
  });
  const set: SigningSet = { ...next, previousCertificates: [harness.set.certificate], revocations };
  return { set, stolen, revocations, clock: testClock('2026-04-02T00:00:00Z') };
};
const environment = (set: SigningSet): NodeJS.ProcessEnv => ({
  NODE_ENV: 'test',
  DATABASE_URL: harness.database.url,
  LICENSE_SIGNING_KEY: exportPrivateKey(set.signingKey),
  LICENSE_SIGNING_CERTIFICATE: set.certificate,
  LICENSE_ROOT_PUBLIC_KEY: exportPublicKey(set.rootPublicKey),
  LICENSE_PREVIOUS_CERTIFICATES: set.previousCertificates.join(' '),
  LICENSE_KEY_REVOCATIONS: set.revocations ?? '',
});
const on = (app: FastifyInstance, actor: Parameters<typeof testVerifier.tokenFor>[0]) => {
  const authorization = `Bearer ${testVerifier.tokenFor(actor)}`;
  return {
    get: (url: string, headers = {}) => app.inject({ url, headers: { authorization, ...headers } }),
    post: (url: string, payload: object) =>
      app.inject({
        method: 'POST',
        url,
        headers: { authorization, 'content-type': 'application/json' },
        payload: JSON.stringify(payload),
      }),
  };
};
const given = async () => {
  const account = await givenAccount(harness, [{}, {}]);
  const device = await givenCms(harness, account);
  await device.activate([account.licenseIds[0] ?? '']);
  return { account, device, other: account.licenseIds[1] ?? '' };
};

test('an instance whose key is revoked by another one stops: nothing is signed, moved or told, and it is not ready', async () => {
  const { account, device, other } = await given();
  const { set, clock } = afterTheft();
  const signer = new DocumentSigner(harness.set, harness.clock);
  const app = await harness.appOn(harness.database, signer);
  const old = new RevocationService({ database: harness.database, signer, logger: testLogger() });
  await old.share();
  expect((await on(app, device.cms).get(`${device.url}/license-document`)).statusCode).toBe(200);

  const fresh = { database: harness.database, signer: new DocumentSigner(set, clock), logger: testLogger() };
  await new RevocationService(fresh).share();
  await old.learn();
  expect(() => signer.assertReady()).toThrow('revoked');
  const staff = on(app, actors.staff());
  const told = (await harness.events('licenses.activated.1')).length;
  for (const answer of [
    await on(app, device.cms).get(`${device.url}/license-document`),
    await on(app, device.cms).post(`${device.url}/activations`, { licenseIds: [other] }),
    await on(app, device.cms).post(`${device.url}/returns`, { all: true }),
    await staff.post('/v1/offline-activations', { licenseId: other, installCode: givenBox().installCode }),
  ]) {
    expectProblem(answer, 503, 'unavailable');
    expect(answer.headers['retry-after']).toBe('60');
  }
  expect((await harness.events('licenses.activated.1')).length).toBe(told);
  expect((await harness.get(actors.staff(), `/v1/controllers?customerId=${account.customerId}`)).json()).toMatchObject({
    items: [{ licenseCount: 1 }],
  });
  await app.close();
});

test('an instance looks for statements every 2 seconds until it is stopped, and goes on when the database is away', async () => {
  const signer = new DocumentSigner(harness.set, harness.clock);
  const logger = testLogger();
  let asked = 0;
  const service = new RevocationService({ database: harness.database, signer, logger });
  service.learn = async () => {
    asked += 1;
    if (asked === 1) throw new Error('no database');
  };
  jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'setTimeout', 'queueMicrotask'] });
  service.start();
  await jest.advanceTimersByTimeAsync(6_000);
  service.stop();
  await jest.advanceTimersByTimeAsync(6_000);
  jest.useRealTimers();
  expect(asked).toBe(3);
  expect(logger.lines()).toEqual([expect.objectContaining({ level: 40 })]);
});

test('a statement that the root key did not sign stops nobody, wherever it comes from', async () => {
  const signer = new DocumentSigner(harness.set, harness.clock);
  const forged = issueRevocation({ rootKey: generateKey(), revokedKeyIds: [signer.kid], issuedAt: new Date(APRIL) });
  await harness.database.kysely
    .insertInto('key_revocations')
    .values({ root_kid: signer.rootKid, issued_at: new Date(APRIL), statement: forged })
    .execute();
  const service = new RevocationService({ database: harness.database, signer, logger: testLogger() });
  await expect(service.learn()).rejects.toThrow('not signed by the known root key');
  signer.assertReady();
});

test('of several statements the newest counts, in whatever order they become known', () => {
  const [rootKey, other] = [harness.set.rootKey, keyId(generateKey())];
  const older = issueRevocation({ rootKey, revokedKeyIds: [other], issuedAt: new Date('2026-01-02T00:00:00Z') });
  const newer = issueRevocation({
    rootKey,
    revokedKeyIds: [other, keyId(harness.set.signingKey)],
    issuedAt: new Date('2026-01-03T00:00:00Z'),
  });
  const signer = new DocumentSigner({ ...harness.set, revocations: older }, harness.clock);
  signer.assertReady();
  signer.learn(newer);
  signer.learn(older);
  expect(() => signer.assertReady()).toThrow('revoked');
});

test('a start with a revoked key is refused in one line, whether the environment says so or the database', async () => {
  const { set, revocations } = afterTheft();
  const config = { LICENSE_KEY_PASSPHRASE: '', ...environment(harness.set) } as unknown as Parameters<
    typeof loadSigningSet
  >[0];
  const now = new Date('2026-04-02T00:00:00Z');
  const attempt = () => loadSigningSet({ ...config, LICENSE_KEY_REVOCATIONS: revocations }, now, testLogger());
  expect(attempt).toThrow(ConfigError);
  expect(attempt).toThrow('LICENSE_SIGNING_KEY was revoked');
  expect(() => loadSigningSet({ ...config, LICENSE_KEY_REVOCATIONS: `${revocations}x` }, now, testLogger())).toThrow(
    'LICENSE_KEY_REVOCATIONS is not usable',
  );
  expect(() =>
    loadSigningSet({ ...config, LICENSE_PREVIOUS_CERTIFICATES: signingSet().certificate }, now, testLogger()),
  ).toThrow('LICENSE_PREVIOUS_CERTIFICATES is not usable');

  const clock = testClock('2026-04-02T00:00:00Z');
  await resignDocuments(environment(set), undefined, { clock, logger: testLogger() });
  await expect(resignDocuments(environment(harness.set), undefined, { clock, logger: testLogger() })).rejects.toThrow(
    'revoked',
  );
});

test('the keys are listed with their certificates, the one in use first, and the revoked ones named', async () => {
  const { set, stolen, revocations, clock } = afterTheft();
  const app = await harness.appOn(harness.database, new DocumentSigner(set, clock));
  const keys = (await app.inject({ url: '/v1/license-keys' })).json<LicenseKeys>();
  expect(keys.signing).toEqual([
    { kid: keyId(set.signingKey), certificate: set.certificate, current: true, revoked: false },
    { kid: stolen, certificate: harness.set.certificate, current: false, revoked: true },
  ]);
  expect(keys.revocations).toBe(revocations);
  await app.close();
  const env = { ...environment(set), LICENSE_PREVIOUS_CERTIFICATES: `${set.certificate}\n${harness.set.certificate},` };
  const read = loadSigningSet({ LICENSE_KEY_PASSPHRASE: '', ...env } as never, clock.now(), testLogger());
  expect(read.previousCertificates).toEqual([harness.set.certificate]);
});

test('after the theft a controller’s next document counts more, carries the statement, and makes back-dated forgeries worthless', async () => {
  const { device } = await given();
  const before = (await device.document()).json<SignedLicenseDocument>();
  const { set, revocations, clock } = afterTheft();
  const app = await harness.appOn(harness.database, new DocumentSigner(set, clock));
  const as = on(app, device.cms);
  const answer = await as.get(`${device.url}/license-document`, { 'if-none-match': `"${before.serial}"` });
  const after = answer.json<SignedLicenseDocument>();
  expect([answer.statusCode, after.serial, answer.headers.etag]).toEqual([200, 2, '"2"']);
  const { rootPublicKey } = harness.set;
  const verified = verifyDocument(after.jws, { rootPublicKey, minimumSerial: before.serial });
  expect(verified.kid).toBe(keyId(set.signingKey));
  expect(verified.revocations).toBe(revocations);
  expect(verified.document.licenses).toEqual(harness.verify(before).licenses);
  // Once, and not with each fetch.
  expect((await as.get(`${device.url}/license-document`)).body).toBe(answer.body);
  expect((await as.get(`${device.url}/license-document`, { 'if-none-match': '"2"' })).statusCode).toBe(304);

  const thief = createSigner(harness.set);
  const forged = thief.sign({ ...harness.verify(before), serial: 99, issuedAt: '2026-03-01T00:00:00.000Z' });
  expect(() => verifyDocument(forged, { rootPublicKey })).not.toThrow();
  expect(() => verifyDocument(forged, { rootPublicKey, revocations: verified.revocations })).toThrow('revoked');
  expect(() => verifyDocument(before.jws, { rootPublicKey, revocations: verified.revocations })).toThrow('revoked');
  await app.close();
});

test('twenty fetches at once give one new serial', async () => {
  const { device } = await given();
  const { set, clock } = afterTheft();
  const app = await harness.appOn(harness.database, new DocumentSigner(set, clock));
  const as = on(app, device.cms);
  const answers = await Promise.all(Array.from({ length: 20 }, () => as.get(`${device.url}/license-document`)));
  expect(new Set(answers.map((answer) => answer.body)).size).toBe(1);
  expect(answers[0]?.json()).toMatchObject({ serial: 2 });
  await app.close();
});

test('an offline activation file that the stolen key signed is issued anew with the next download or request, once', async () => {
  const { account, other } = await given();
  const box = givenBox();
  const made = activated(
    await offline(harness, customerOf(account)).activate({ licenseId: other, requestFile: box.request() }),
  );
  const before = await fileOf(harness, made.offlineActivationId);
  const { set, clock } = afterTheft();
  const app = await harness.appOn(harness.database, new DocumentSigner(set, clock));
  const as = on(app, customerOf(account));
  const first = await as.get(`/v1/offline-activations/${made.offlineActivationId}/file`);
  expect(first.body).not.toBe(before);
  expect(first.headers['content-disposition']).toContain(`${box.installCode}-2.lic`);
  const { kid, document } = verifyDocument(readLicenseFile(first.body).jws, {
    rootPublicKey: harness.set.rootPublicKey,
  });
  expect([kid, document.serial]).toEqual([keyId(set.signingKey), 2]);
  const again = await as.post('/v1/offline-activations', { licenseId: other, installCode: box.installCode });
  expect(again.json()).toEqual({ ...made, serial: 2, fileName: `smartserver-${box.installCode}-2.lic` });
  expect((await as.get(`/v1/offline-activations/${made.offlineActivationId}/file`)).body).toBe(first.body);
  await app.close();
});

test('the command gives every controller and every open file its new signature, in batches, once', async () => {
  const account = await givenAccount(
    harness,
    Array.from({ length: 3 }, () => ({})),
  );
  const customer = offline(harness, customerOf(account));
  const files: string[] = [];
  for (const licenseId of account.licenseIds) {
    files.push(
      activated(await customer.activate({ licenseId, requestFile: givenBox().request() })).offlineActivationId,
    );
  }
  await harness.database.kysely
    .insertInto('controllers')
    .values(
      Array.from({ length: 230 }, (_, n) => ({
        partner_id: account.partnerId,
        customer_id: account.customerId,
        install_code: `A${String(n).padStart(9, '0')}`,
        segment_name: 'x',
        software_version: 'x',
        device_key: null,
        document_issued_at: harness.clock.now(),
        created_at: harness.clock.now(),
      })),
    )
    .execute();
  const { set, clock } = afterTheft();
  const told: number[] = [];
  const run = () => resignDocuments(environment(set), (count) => told.push(count), { clock, logger: testLogger() });
  expect(await run()).toBe(233);
  expect(told).toEqual([100, 200, 233]);
  const serials = await harness.database.kysely.selectFrom('controllers').select(['serial', 'license_ids']).execute();
  expect(serials.every((row) => row.serial === (row.license_ids.length > 0 ? 2 : 1))).toBe(true);
  const news = (await harness.events('controller.changed.1')).filter((event) => event.actor.kind === 'system');
  expect(news).toHaveLength(233);
  for (const id of files) {
    const { kid } = verifyDocument(readLicenseFile(await fileOf(harness, id)).jws, {
      rootPublicKey: harness.set.rootPublicKey,
    });
    expect(kid).toBe(keyId(set.signingKey));
  }
  expect(await run()).toBe(0);
  expect(
    await resignDocuments(environment({ ...set, revocations: null }), undefined, { clock, logger: testLogger() }),
  ).toBe(0);
});

test('where no key was ever revoked there is nothing to sign again', async () => {
  const { device } = await given();
  expect(
    await resignDocuments(environment(harness.set), undefined, { clock: harness.clock, logger: testLogger() }),
  ).toBe(0);
  expect((await device.document()).json()).toMatchObject({ serial: 1 });
});

import type { LicenseKeys } from '@smartserver/contracts';
import { generateKey, issueRevocation, keyId } from '@smartserver/license-document';
import { ConfigError } from '@smartserver/service-kit';
import { actors, expectProblem, testClock, testLogger } from '@smartserver/testing';
import { type Harness, signingSet, startHarness } from '../../test/harness.ts';
import { givenBox } from '../../test/offline-given.ts';
import { APRIL, afterTheft, environment, givenActive, on, runResign } from '../../test/theft-given.ts';
import { activation } from '../service.ts';
import { learnRevocations, shareRevocations } from './revocations.ts';
import { DocumentSigner } from './signer.ts';
import { loadSigningSet } from './signing-set.ts';

/* Guarantee 20: a signing key is stolen, and signs nothing any more. */

let harness: Harness;
beforeEach(async () => {
  harness = await startHarness();
});
afterEach(() => harness.close());

test('an instance whose key is revoked by another one stops: nothing is signed, moved or published, and it is not ready', async () => {
  const { account, device, other } = await givenActive(harness);
  const { set, clock } = afterTheft(harness);
  const signer = new DocumentSigner(harness.set, harness.clock);
  const app = await harness.appOn(harness.database, signer);
  const old = { database: harness.database, signer };
  await shareRevocations(old);
  expect((await on(app, device.cms).get(`${device.url}/license-document`)).statusCode).toBe(200);

  await shareRevocations({ database: harness.database, signer: new DocumentSigner(set, clock) });
  await learnRevocations(old);
  expect(() => signer.assertReady()).toThrow('revoked');
  const staff = on(app, actors.staff());
  const recorded = (await harness.events('licenses.activated.1')).length;
  for (const answer of [
    await on(app, device.cms).get(`${device.url}/license-document`),
    await on(app, device.cms).post(`${device.url}/activations`, { licenseIds: [other] }),
    await on(app, device.cms).post(`${device.url}/returns`, { all: true }),
    await staff.post('/v1/offline-activations', { licenseId: other, installCode: givenBox().installCode }),
  ]) {
    expectProblem(answer, 503, 'unavailable');
    expect(answer.headers['retry-after']).toBe('60');
  }
  expect((await harness.events('licenses.activated.1')).length).toBe(recorded);
  expect((await harness.get(actors.staff(), `/v1/controllers?customerId=${account.customerId}`)).json()).toMatchObject({
    items: [{ licenseCount: 1 }],
  });
  await app.close();
});

test('an instance looks for statements every 2 seconds', async () => {
  const { set, clock } = afterTheft(harness);
  const signer = new DocumentSigner(harness.set, harness.clock);
  const [job] = activation.jobs?.(harness.depsOn(harness.database, signer)) ?? [];
  expect(job?.everySeconds).toBe(2);
  await job?.run();
  signer.assertReady();
  await shareRevocations({ database: harness.database, signer: new DocumentSigner(set, clock) });
  await job?.run();
  expect(() => signer.assertReady()).toThrow('revoked');
});

test('a statement that the root key did not sign stops no instance, wherever it comes from', async () => {
  const signer = new DocumentSigner(harness.set, harness.clock);
  const forged = issueRevocation({ rootKey: generateKey(), revokedKeyIds: [signer.kid], issuedAt: new Date(APRIL) });
  await harness.database.kysely
    .insertInto('key_revocations')
    .values({ root_kid: signer.rootKid, issued_at: new Date(APRIL), statement: forged })
    .execute();
  await expect(learnRevocations({ database: harness.database, signer })).rejects.toThrow(
    'not signed by the known root key',
  );
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
  const { set, revocations } = afterTheft(harness);
  const config = { LICENSE_KEY_PASSPHRASE: '', ...environment(harness, harness.set) } as unknown as Parameters<
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
  await runResign(harness, set, clock);
  await expect(runResign(harness, harness.set, clock)).rejects.toThrow('revoked');
});

test('the keys are listed with their certificates, the one in use first, and the revoked ones named', async () => {
  const { set, stolen, revocations, clock } = afterTheft(harness);
  const app = await harness.appOn(harness.database, new DocumentSigner(set, clock));
  const keys = (await app.inject({ url: '/v1/license-keys' })).json<LicenseKeys>();
  expect(keys.signing).toEqual([
    { kid: keyId(set.signingKey), certificate: set.certificate, current: true, revoked: false },
    { kid: stolen, certificate: harness.set.certificate, current: false, revoked: true },
  ]);
  expect(keys.revocations).toBe(revocations);
  await app.close();
  const env = {
    ...environment(harness, set),
    LICENSE_PREVIOUS_CERTIFICATES: `${set.certificate}\n${harness.set.certificate},`,
  };
  const read = loadSigningSet({ LICENSE_KEY_PASSPHRASE: '', ...env } as never, clock.now(), testLogger());
  expect(read.previousCertificates).toEqual([harness.set.certificate]);
});

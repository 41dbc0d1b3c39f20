import type { SignedLicenseDocument } from '@smartserver/contracts';
import { createSigner, keyId, readLicenseFile, verifyDocument } from '@smartserver/license-document';
import { givenAccount } from '../../test/given.ts';
import { type Harness, startHarness } from '../../test/harness.ts';
import { activated, customerOf, fileOf, givenBox, offline } from '../../test/offline-given.ts';
import { afterTheft, givenActive, on, runResign } from '../../test/theft-given.ts';
import { DocumentSigner } from './signer.ts';

/* Guarantee 20: whatever a stolen signing key has signed is replaced, and worthless. */

let harness: Harness;
beforeEach(async () => {
  harness = await startHarness();
});
afterEach(() => harness.close());

test('after the theft a controller’s next document counts more, carries the statement, and makes back-dated forgeries worthless', async () => {
  const { device } = await givenActive(harness);
  const before = (await device.document()).json<SignedLicenseDocument>();
  const { set, revocations, clock } = afterTheft(harness);
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
  const { device } = await givenActive(harness);
  const { set, clock } = afterTheft(harness);
  const app = await harness.appOn(harness.database, new DocumentSigner(set, clock));
  const as = on(app, device.cms);
  const answers = await Promise.all(Array.from({ length: 20 }, () => as.get(`${device.url}/license-document`)));
  expect(new Set(answers.map((answer) => answer.body)).size).toBe(1);
  expect(answers[0]?.json()).toMatchObject({ serial: 2 });
  await app.close();
});

test('an offline activation file that the stolen key signed is issued again with the next download or request, once', async () => {
  const { account, other } = await givenActive(harness);
  const box = givenBox();
  const made = activated(
    await offline(harness, customerOf(account)).activate({ licenseId: other, requestFile: box.request() }),
  );
  const before = await fileOf(harness, made.offlineActivationId);
  const { set, clock } = afterTheft(harness);
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
  const { set, clock } = afterTheft(harness);
  const progress: number[] = [];
  const run = () => runResign(harness, set, clock, (count) => progress.push(count));
  expect(await run()).toBe(233);
  expect(progress).toEqual([100, 200, 233]);
  const serials = await harness.database.kysely.selectFrom('controllers').select(['serial', 'license_ids']).execute();
  expect(serials.every((row) => row.serial === (row.license_ids.length > 0 ? 2 : 1))).toBe(true);
  const changes = (await harness.events('controller.changed.1')).filter((event) => event.actor.kind === 'system');
  expect(changes).toHaveLength(233);
  for (const id of files) {
    const { kid } = verifyDocument(readLicenseFile(await fileOf(harness, id)).jws, {
      rootPublicKey: harness.set.rootPublicKey,
    });
    expect(kid).toBe(keyId(set.signingKey));
  }
  expect(await run()).toBe(0);
  expect(await runResign(harness, { ...set, revocations: null }, clock)).toBe(0);
});

test('where no key was ever revoked there is nothing to sign again', async () => {
  const { device } = await givenActive(harness);
  expect(await runResign(harness, harness.set, harness.clock)).toBe(0);
  expect((await device.document()).json()).toMatchObject({ serial: 1 });
});

import { randomUUID } from 'node:crypto';
import type { Controller, OfflineActivationPage } from '@smartserver/contracts';
import { keyId, readLicenseFile, verifyDocument } from '@smartserver/license-document';
import { actors, expectProblem, testClock, testVerifier } from '@smartserver/testing';
import { givenAccount, givenCms, newInstallCode, openActivations } from '../../test/given.ts';
import { type Harness, signingSet, startHarness } from '../../test/harness.ts';
import { activated, customerOf, digest, fileOf, givenBox, MAINTENANCE, offline } from '../../test/offline-given.ts';
import { DocumentSigner } from '../documents/signer.ts';

/* Rule 2: issuing a file places the license; asked again, nothing changes and the file is the same to the byte. */

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness({ instances: 2 });
});
afterAll(() => harness.close());

const given = async (licenses: Parameters<typeof givenAccount>[1] = [{}]) => {
  const account = await givenAccount(harness, licenses);
  const [licenseId = '', other = ''] = account.licenseIds;
  return { account, licenseId, other, customer: offline(harness, customerOf(account)), installCode: newInstallCode() };
};
const controllerOf = async (installCode: string) =>
  (await harness.get(actors.staff(), `/v1/controllers/${installCode}`)).json<Controller>();
const recordedFor = async (installCode: string) =>
  (await harness.events('licenses.activated.1')).filter((event) => event.data.installCode === installCode);

test('a typed install code is enough: the license is on a new controller at once, and its file verifies with the root key alone', async () => {
  const { account, licenseId, customer, installCode } = await given();
  const answer = await customer.activate({ licenseId, installCode: installCode.toLowerCase() });
  const made = activated(answer);
  expect(made).toEqual({
    offlineActivationId: expect.any(String),
    licenseId,
    customerId: account.customerId,
    installCode,
    kind: 'capacity',
    deviceCount: 200,
    serial: 1,
    createdAt: harness.clock.now().toISOString(),
    returnedAt: null,
    fileName: `smartserver-${installCode}-1.lic`,
  });
  const box = givenBox({ installCode });
  expect(box.take(harness, await fileOf(harness, made.offlineActivationId))).toEqual([licenseId]);
  expect(await controllerOf(installCode)).toMatchObject({ enrolled: false, licenseCount: 1, serial: 1 });
  expect(await openActivations(harness, [licenseId])).toMatchObject([{ mode: 'offline', serial: 1 }]);
  const [recorded, ...more] = await recordedFor(installCode);
  expect(more).toEqual([]);
  expect(recorded?.data).toMatchObject({ mode: 'offline', customerId: account.customerId, licenses: [{ licenseId }] });
  expect(recorded?.actor.kind).toBe('customer');
});

test('the file is downloaded as an attachment of plain text under its name', async () => {
  const { licenseId, customer, installCode } = await given();
  const made = activated(await customer.activate({ licenseId, installCode }));
  const answer = await customer.file(made.offlineActivationId);
  expect(answer.headers['content-type']).toBe('text/plain; charset=utf-8');
  expect(answer.headers['content-disposition']).toBe(`attachment; filename="smartserver-${installCode}-1.lic"`);
  expect(answer.headers['x-content-type-options']).toBe('nosniff');
  expect(answer.body).toMatch(/^SmartServer license file, format 1\n/);
});

test('asked again for the same install code, row and file are the same, without any Idempotency-Key, and nothing is published twice', async () => {
  const { licenseId, customer, installCode } = await given();
  const first = await customer.activate({ licenseId, installCode });
  const file = await fileOf(harness, activated(first).offlineActivationId);
  harness.clock.advance(86_400_000);
  for (let round = 0; round < 5; round += 1) {
    const again = await customer.activate({ licenseId, installCode });
    expect([again.statusCode, again.body]).toEqual([201, first.body]);
    expect(await fileOf(harness, activated(again).offlineActivationId)).toBe(file);
  }
  expect(await recordedFor(installCode)).toHaveLength(1);
  expect(await controllerOf(installCode)).toMatchObject({ serial: 1 });
});

test('the bytes do not change when the signing key is rotated, and when another license is put there', async () => {
  const { licenseId, other, customer, installCode } = await given([{}, {}]);
  const made = activated(await customer.activate({ licenseId, installCode }));
  const before = digest(await fileOf(harness, made.offlineActivationId));
  const next = activated(await customer.activate({ licenseId: other, installCode }));
  expect(next.serial).toBe(2);

  const set = signingSet('2026-04-01T00:00:00Z', '2036-01-01T00:00:00Z', harness.set.rootKey);
  const rotated = await harness.appOn(harness.database, new DocumentSigner(set, testClock('2026-04-02T00:00:00Z')));
  const authorization = `Bearer ${testVerifier.tokenFor(actors.staff())}`;
  const again = await rotated.inject({
    method: 'POST',
    url: '/v1/offline-activations',
    headers: { authorization, 'content-type': 'application/json' },
    payload: JSON.stringify({ licenseId, installCode }),
  });
  expect(again.json()).toEqual(made);
  const file = await rotated.inject({
    url: `/v1/offline-activations/${made.offlineActivationId}/file`,
    headers: { authorization },
  });
  expect(digest(file.body)).toBe(before);
  const { kid } = verifyDocument(readLicenseFile(file.body).jws, { rootPublicKey: harness.set.rootPublicKey });
  expect(kid).toBe(keyId(harness.set.signingKey));
  await rotated.close();
});

test('for another install code it is in use, and no controller is left behind', async () => {
  const { licenseId, customer, installCode } = await given();
  activated(await customer.activate({ licenseId, installCode }));
  const elsewhere = newInstallCode();
  const problem = expectProblem(await customer.activate({ licenseId, installCode: elsewhere }), 409, 'license_in_use');
  expect(problem.errors).toEqual([expect.objectContaining({ pointer: '/licenseId', code: 'license_in_use' })]);
  expectProblem(await harness.get(actors.staff(), `/v1/controllers/${elsewhere}`), 404, 'controller_not_found');
});

test('offline and online are one place: what is active online elsewhere cannot be placed, and the other way round', async () => {
  const { account, licenseId, other, customer, installCode } = await given([{}, {}]);
  const device = await givenCms(harness, account);
  await device.activate([licenseId]);
  expectProblem(await customer.activate({ licenseId, installCode }), 409, 'license_in_use');
  activated(await customer.activate({ licenseId: other, installCode }));
  expectProblem(await device.activate([other]), 409, 'license_in_use');
  // On the very controller that holds it, the file says what is there, and nothing moves.
  const made = activated(await customer.activate({ licenseId, installCode: device.installCode }));
  expect(made.serial).toBe(1);
  expect(await openActivations(harness, [licenseId])).toMatchObject([{ mode: 'online' }]);
});

test('the file names everything that is on the controller', async () => {
  const { licenseId, other, customer, installCode } = await given([{}, {}]);
  activated(await customer.activate({ licenseId, installCode }));
  const second = activated(await customer.activate({ licenseId: other, installCode }));
  const box = givenBox({ installCode });
  expect(box.take(harness, await fileOf(harness, second.offlineActivationId)).sort()).toEqual(
    [licenseId, other].sort(),
  );
});

test('a license that was returned online and activated again gets a new file with a higher serial; the old one is kept, and not given out', async () => {
  const { account, licenseId } = await given();
  const device = await givenCms(harness, account);
  const customer = offline(harness, customerOf(account));
  const first = activated(await customer.activate({ licenseId, installCode: device.installCode }));
  await device.giveBack({ all: true });
  const second = activated(await customer.activate({ licenseId, installCode: device.installCode }));
  expect(second.offlineActivationId).not.toBe(first.offlineActivationId);
  expect(second.serial).toBeGreaterThan(first.serial + 1);
  const listed = (await customer.list(`?licenseId=${licenseId}`)).json<OfflineActivationPage>();
  expect(listed.items).toEqual([second, { ...first, returnedAt: harness.clock.now().toISOString() }]);
  expect((await customer.get(first.offlineActivationId)).json()).toEqual(listed.items[1]);
  expectProblem(await customer.file(first.offlineActivationId), 409, 'file_superseded');
});

test('an Idempotency-Key keeps the answer of then, also when the license is elsewhere since', async () => {
  const { account, licenseId, customer } = await given();
  const device = await givenCms(harness, account);
  const key = { 'idempotency-key': randomUUID() };
  const actor = customerOf(account);
  const send = (installCode: string) => offline(harness, actor).activate({ licenseId, installCode }, key);
  const first = await send(device.installCode);
  await device.giveBack({ all: true });
  activated(await customer.activate({ licenseId, installCode: newInstallCode() }));
  const again = await send(device.installCode);
  expect([again.statusCode, again.body]).toEqual([201, first.body]);
  expectProblem(await send(newInstallCode()), 422, 'idempotency_key_reused');
});

test('suspended and revoked licenses get no file, and an existing one is not given out', async () => {
  const { account, licenseId, other, customer, installCode } = await given([{}, { standing: 'revoked' }]);
  expectProblem(await customer.activate({ licenseId: other, installCode }), 409, 'license_revoked');
  const made = activated(await customer.activate({ licenseId, installCode }));
  await harness.licenseChanged({ ...account, licenseId, standing: 'suspended', version: 2 });
  expectProblem(await customer.activate({ licenseId, installCode }), 409, 'license_suspended');
  expectProblem(await customer.file(made.offlineActivationId), 409, 'license_suspended');
  await harness.licenseChanged({ ...account, licenseId, standing: 'good', version: 3 });
  expect((await customer.file(made.offlineActivationId)).statusCode).toBe(200);
});

test('a license that another change holds, or that is in the inventory, is not available', async () => {
  const { account, licenseId, installCode } = await given([{}]);
  const staff = offline(harness, actors.staff());
  const { kysely } = harness.database;
  const hold = (hold_id: string | null) =>
    kysely.updateTable('licenses').set({ hold_id }).where('license_id', '=', licenseId).execute();
  await hold(randomUUID());
  expectProblem(await staff.activate({ licenseId, installCode }), 409, 'license_not_available');
  await hold(null);
  const inventory = randomUUID();
  await harness.licenseChanged({ partnerId: account.partnerId, licenseId: inventory });
  expectProblem(await staff.activate({ licenseId: inventory, installCode }), 409, 'license_not_available');
});

test('a transfer that is still on its way is waited for', async () => {
  const { account, installCode } = await given([]);
  const licenseId = randomUUID();
  harness.time.passes = async () => {
    await harness.licenseChanged({ ...account, licenseId });
  };
  const answer = await offline(harness, customerOf(account)).activate({ licenseId, installCode });
  harness.time.passes = async () => undefined;
  expect(activated(answer).licenseId).toBe(licenseId);
});

test('when nothing can be signed nothing is placed', async () => {
  const { account, licenseId, installCode } = await given();
  const late = await harness.appOn(
    harness.database,
    new DocumentSigner(harness.set, testClock('2036-01-01T00:00:01Z')),
  );
  const answer = await late.inject({
    method: 'POST',
    url: '/v1/offline-activations',
    headers: {
      authorization: `Bearer ${testVerifier.tokenFor(customerOf(account))}`,
      'content-type': 'application/json',
    },
    payload: JSON.stringify({ licenseId, installCode }),
  });
  expectProblem(answer, 503, 'unavailable');
  expect(await openActivations(harness, [licenseId])).toEqual([]);
  await late.close();
});

test('maintenance gets its term from Customer Success’s file, and returns and new files do not restart it', async () => {
  const { account, licenseId } = await given([MAINTENANCE]);
  const device = await givenCms(harness, account);
  const staff = offline(harness, actors.staff());
  const expiry = async (id: string) =>
    verifyDocument(readLicenseFile(await fileOf(harness, id)).jws, { rootPublicKey: harness.set.rootPublicKey })
      .document.licenses[0]?.expiresAt;
  const first = activated(await staff.activate({ licenseId, installCode: device.installCode }));
  const expiresAt = await expiry(first.offlineActivationId);
  await device.giveBack({ all: true });
  harness.clock.advance(40 * 86_400_000);
  const second = activated(await staff.activate({ licenseId, installCode: device.installCode }));
  expect(await expiry(second.offlineActivationId)).toBe(expiresAt);
});

import { randomUUID } from 'node:crypto';
import type { OfflineActivationPage } from '@smartserver/contracts';
import { actors, expectProblem } from '@smartserver/testing';
import { givenAccount, givenCms, newInstallCode, openActivations } from '../../test/given.ts';
import { type Harness, startHarness } from '../../test/harness.ts';
import { activated, bodyOf, customerOf, fileOf, givenBox, offline, returnedBy } from '../../test/offline-given.ts';

/* Who may do what offline. Foreign and unknown are one answer, and no answer reveals another account's controllers. */

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness();
});
afterAll(() => harness.close());

const given = async (licenses: Parameters<typeof givenAccount>[1] = [{}]) => {
  const account = await givenAccount(harness, licenses);
  const [licenseId = '', other = ''] = account.licenseIds;
  return { account, licenseId, other, customer: offline(harness, customerOf(account)) };
};
const byLicense = (licenseId: string) => offline(harness, actors.customer({ licenseIds: [licenseId] }));

test('a customer’s foreign license and an unknown one are the same to the byte, signed in by e-mail or by License ID', async () => {
  const { licenseId, customer } = await given();
  const stranger = await given();
  const inventory = randomUUID();
  await harness.licenseChanged({ licenseId: inventory });
  const installCode = newInstallCode();
  for (const actor of [customer, byLicense(licenseId), byLicense(inventory)]) {
    const unknown = await actor.activate({ licenseId: randomUUID(), installCode });
    expectProblem(unknown, 404, 'license_not_found');
    for (const id of [stranger.licenseId, inventory]) {
      expect(bodyOf(await actor.activate({ licenseId: id, installCode }))).toEqual(bodyOf(unknown));
    }
  }
});

test('a License ID opens its license alone; the offline activations of the account’s other licenses do not exist', async () => {
  const { licenseId, other, customer } = await given([{}, {}]);
  const [one, two] = [newInstallCode(), newInstallCode()];
  const holder = byLicense(licenseId);
  const mine = activated(await holder.activate({ licenseId, installCode: one }));
  const theirs = activated(await customer.activate({ licenseId: other, installCode: two }));
  expect((await holder.list()).json<OfflineActivationPage>().items).toEqual([mine]);
  expect((await holder.file(mine.offlineActivationId)).statusCode).toBe(200);
  const unknown = randomUUID();
  expect(bodyOf(await holder.get(theirs.offlineActivationId))).toEqual(bodyOf(await holder.get(unknown)));
  expect(bodyOf(await holder.file(theirs.offlineActivationId))).toEqual(bodyOf(await holder.file(unknown)));
  for (const query of [`?licenseId=${other}`, `?installCode=${two}`]) {
    expect((await holder.list(query)).json()).toEqual({ items: [], nextCursor: null });
  }
});

test('who has a license now does not see where it was under the account before', async () => {
  const { account, licenseId } = await given();
  const device = await givenCms(harness, account);
  const before = activated(await byLicense(licenseId).activate({ licenseId, installCode: device.installCode }));
  await device.giveBack({ all: true });
  const next = await givenAccount(harness);
  await harness.licenseChanged({ ...next, licenseId, version: 2 });
  expect((await byLicense(licenseId).list()).json()).toEqual({ items: [], nextCursor: null });
  expectProblem(await byLicense(licenseId).get(before.offlineActivationId), 404, 'offline_activation_not_found');
  expectProblem(
    await offline(harness, customerOf(next)).get(before.offlineActivationId),
    404,
    'offline_activation_not_found',
  );
  expect((await offline(harness, customerOf(account)).get(before.offlineActivationId)).statusCode).toBe(200);
});

test('partners read the offline activations of their customers and of no others, and make none', async () => {
  const { account, licenseId, customer } = await given();
  const made = activated(await customer.activate({ licenseId, installCode: newInstallCode() }));
  for (const actor of [actors.partnerUser(account.partnerId, 'viewer'), actors.apiClient(account.partnerId)]) {
    const partner = offline(harness, actor);
    expect((await partner.list()).json<OfflineActivationPage>().items).toEqual([made]);
    expect((await partner.file(made.offlineActivationId)).statusCode).toBe(200);
    expectProblem(await partner.activate({ licenseId, installCode: made.installCode }), 403, 'scope_missing');
    expectProblem(await partner.giveBack('x'), 403, 'scope_missing');
  }
  const stranger = offline(harness, actors.partnerUser());
  expect((await stranger.list()).json()).toEqual({ items: [], nextCursor: null });
  expect(bodyOf(await stranger.get(made.offlineActivationId))).toEqual(bodyOf(await stranger.get(randomUUID())));
  expect(bodyOf(await stranger.file(made.offlineActivationId))).toEqual(bodyOf(await stranger.file(randomUUID())));
  const device = await givenCms(harness, account);
  expectProblem(await offline(harness, device.cms).list(), 403, 'scope_missing');
  expectProblem(await offline(harness, null).list(), 401, 'unauthenticated');
});

test('a controller with licenses of another account is refused alike, whatever account it has, and with a license that could be placed only', async () => {
  const { account, licenseId, other } = await given([{}, {}]);
  const [sibling, stranger] = [await given(), await given()];
  const actor = offline(harness, customerOf(account, sibling.account));
  const occupied = async (by: typeof sibling) => {
    const installCode = newInstallCode();
    activated(await by.customer.activate({ licenseId: by.licenseId, installCode }));
    return installCode;
  };
  const [mine, theirs] = [await occupied(sibling), await occupied(stranger)];
  const refused = await actor.activate({ licenseId, installCode: mine });
  expectProblem(refused, 409, 'controller_in_use');
  const foreign = await actor.activate({ licenseId, installCode: theirs });
  expect(bodyOf(foreign)).toEqual(bodyOf(refused));
  for (const mark of [stranger.account.customerId, stranger.account.partnerId, stranger.licenseId, theirs]) {
    expect(foreign.body).not.toContain(mark);
  }
  // A license that is in use anyway finds nothing out: the answer is the same for an unknown controller.
  activated(await actor.activate({ licenseId: other, installCode: newInstallCode() }));
  const free = bodyOf(await actor.activate({ licenseId: other, installCode: newInstallCode() }));
  expect(bodyOf(await actor.activate({ licenseId: other, installCode: theirs }))).toEqual(free);
  expect(await openActivations(harness, [licenseId])).toEqual([]);
});

test('a controller without licenses is taken over from another account, and the contacts of both are notified (rule 13)', async () => {
  const { account, licenseId, customer } = await given();
  const stranger = await given();
  const device = await givenCms(harness, stranger.account);
  activated(await customer.activate({ licenseId, installCode: device.installCode }));
  const recorded = (await harness.events('controller.relinked.1')).filter(
    (event) => event.data.installCode === device.installCode,
  );
  expect(recorded.map((event) => event.data.customerIds)).toEqual([[stranger.account.customerId, account.customerId]]);
  expectProblem(await device.document(), 404, 'controller_not_found');
  expectProblem(await device.activate(stranger.account.licenseIds), 409, 'controller_in_use');
});

test('a receipt of a foreign controller and one of an unknown controller are the same to the byte, also when it was handed in before', async () => {
  const { account, licenseId, customer } = await given();
  const box = givenBox();
  const made = activated(await customer.activate({ licenseId, requestFile: box.request() }));
  box.take(harness, await fileOf(harness, made.offlineActivationId));
  const receipt = box.remove(account.customerId, [licenseId]);
  const stranger = await given();
  const nowhere = givenBox().remove(account.customerId, [licenseId]);
  const strangers = [stranger.customer, byLicense(stranger.licenseId), byLicense(randomUUID())];
  const alike = async () => {
    for (const actor of strangers) {
      const unknown = await actor.giveBack(nowhere);
      expectProblem(unknown, 422, 'receipt_invalid');
      expect(bodyOf(await actor.giveBack(receipt))).toEqual(bodyOf(unknown));
      // Forged with the install code on the label.
      const forged = givenBox({ installCode: box.installCode }).remove(account.customerId, [
        licenseId,
        stranger.licenseId,
      ]);
      expect(bodyOf(await actor.giveBack(forged))).toEqual(bodyOf(unknown));
    }
  };
  await alike();
  expect(await openActivations(harness, [licenseId])).toHaveLength(1);
  returnedBy(await byLicense(licenseId).giveBack(receipt));
  await alike();
  expect((await byLicense(licenseId).giveBack(receipt)).statusCode).toBe(200);
});

test('a receipt belongs to the account that had the license then', async () => {
  const { account, licenseId, customer } = await given();
  const box = givenBox();
  const made = activated(await customer.activate({ licenseId, requestFile: box.request() }));
  box.take(harness, await fileOf(harness, made.offlineActivationId));
  const receipt = box.remove(account.customerId, [licenseId]);
  const first = await customer.giveBack(receipt);
  const next = await givenAccount(harness);
  await harness.licenseChanged({ ...next, licenseId, version: 2 });
  expectProblem(await byLicense(licenseId).giveBack(receipt), 422, 'receipt_invalid');
  expectProblem(await offline(harness, customerOf(next)).giveBack(receipt), 422, 'receipt_invalid');
  // The one who handed it in may do so again, also after the controller has gone to others.
  await givenCms(harness, next, { installCode: box.installCode });
  expect(bodyOf(await customer.giveBack(receipt))).toEqual(bodyOf(first));
});

test('guarantee 17: a stolen License ID or Customer ID moves nothing of an enrolled controller', async () => {
  const { account, licenseId, customer } = await given();
  const box = givenBox();
  activated(await customer.activate({ licenseId, requestFile: box.request() }));
  const thief = byLicense(licenseId);
  const copy = givenBox({ installCode: box.installCode });
  expectProblem(await thief.activate({ licenseId, installCode: newInstallCode() }), 409, 'license_in_use');
  expectProblem(await thief.activate({ licenseId, requestFile: copy.request() }), 403, 'device_proof_invalid');
  expectProblem(
    await thief.giveBack(copy.remove(account.customerId, [licenseId], { serial: 5 })),
    422,
    'receipt_invalid',
  );
  const cms = await givenCms(harness, account, {
    installCode: box.installCode,
    deviceKey: copy.thumbprint,
    linked: false,
  });
  expectProblem(await cms.giveBack({ all: true }), 403, 'device_proof_invalid');
  expectProblem(await cms.activate([licenseId]), 403, 'device_proof_invalid');
  expect((await openActivations(harness, [licenseId]))[0]?.install_code).toBe(box.installCode);
});

test('a stolen License ID cannot put a free license somewhere without the account being notified', async () => {
  const { account, licenseId } = await given();
  const installCode = newInstallCode();
  activated(await byLicense(licenseId).activate({ licenseId, installCode }));
  const rows = await harness.database.kysely
    .selectFrom('outbox')
    .select('envelope')
    .where('queue', '=', 'notification-activations')
    .execute();
  const recorded = rows.map((row) => row.envelope as { data: Record<string, unknown> });
  expect(recorded.filter(({ data }) => data.installCode === installCode)).toMatchObject([
    { type: 'licenses.activated.1', data: { customerId: account.customerId } },
  ]);
});

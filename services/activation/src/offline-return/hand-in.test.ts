import { randomUUID } from 'node:crypto';
import type { Controller, OfflineActivation } from '@smartserver/contracts';
import { actors, expectProblem } from '@smartserver/testing';
import { givenAccount, givenCms, newInstallCode, openActivations } from '../../test/given.ts';
import { type Harness, startHarness } from '../../test/harness.ts';
import {
  activated,
  type Box,
  customerOf,
  fileOf,
  givenBox,
  givenImported,
  offline,
  returnedBy,
} from '../../test/offline-given.ts';

/* Offline returns: the device signs that it has removed licenses; that frees them once, and only if no file can bring them back. */

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness({ instances: 2 });
});
afterAll(() => harness.close());

const given = (count = 1) => givenImported(harness, count);
const controllerOf = async ({ installCode }: Box) =>
  (await harness.get(actors.staff(), `/v1/controllers/${installCode}`)).json<Controller>();
const toldReturns = async ({ installCode }: Box) =>
  (await harness.events('licenses.returned.1')).filter((event) => event.data.installCode === installCode);

test('a receipt frees its license, which can be activated elsewhere; the cloud counts on from the device', async () => {
  const { account, box, customer, one, two } = await given(2);
  box.serial = 9;
  const answer = await customer.giveBack(box.remove(account.customerId, [one]));
  expect(returnedBy(answer)).toEqual({
    installCode: box.installCode,
    customerId: account.customerId,
    returned: [one],
    serial: 11,
    returnedAt: harness.clock.now().toISOString(),
  });
  expect(await controllerOf(box)).toMatchObject({ serial: 11, licenseCount: 1 });
  expect((await toldReturns(box)).map((event) => event.data.licenses.map((each) => each.licenseId))).toEqual([[one]]);
  activated(await customer.activate({ licenseId: one, installCode: newInstallCode() }));
  expect((await openActivations(harness, [two]))[0]?.install_code).toBe(box.installCode);
});

test('the same receipt again gets the same answer and changes nothing, also once the license is active again', async () => {
  const { account, box, customer, one } = await given();
  const receipt = box.remove(account.customerId, [one]);
  const first = await customer.giveBack(receipt);
  harness.clock.advance(60_000);
  const again = async () => {
    // What e-mail and editors do to a text file.
    for (const text of [receipt, receipt.replaceAll('\n', '\r\n'), `\ufeff${receipt}\n`]) {
      const answer = await customer.giveBack(text);
      expect([answer.statusCode, answer.body]).toEqual([200, first.body]);
    }
  };
  await again();
  const made = activated(await customer.activate({ licenseId: one, requestFile: box.request() }));
  box.take(harness, await fileOf(harness, made.offlineActivationId));
  await again();
  expect(await openActivations(harness, [one])).toHaveLength(1);
  expect(await toldReturns(box)).toHaveLength(1);
  expect(await controllerOf(box)).toMatchObject({ serial: made.serial });
});

test('a license that was activated online is returned offline like any other', async () => {
  const account = await givenAccount(harness, [{}]);
  const box = givenBox();
  const device = await givenCms(harness, account, { installCode: box.installCode, deviceKey: box.thumbprint });
  await device.activate(account.licenseIds);
  box.serial = 1;
  const answer = await offline(harness, customerOf(account)).giveBack(
    box.remove(account.customerId, account.licenseIds),
  );
  expect(returnedBy(answer).returned).toEqual(account.licenseIds);
  expect(await openActivations(harness, account.licenseIds)).toEqual([]);
});

test('receipts count in any order, and one that names what was returned before is fine', async () => {
  const { account, box, customer, one, two } = await given(2);
  const first = box.remove(account.customerId, [one]);
  const both = box.remove(account.customerId, [two, one]);
  expect(returnedBy(await customer.giveBack(both)).returned).toEqual([two, one]);
  const { serial } = await controllerOf(box);
  expect(returnedBy(await customer.giveBack(first)).serial).toBe(serial);
  expect(await openActivations(harness, [one, two])).toEqual([]);
  expect(await toldReturns(box)).toHaveLength(1);
});

test('receipts of two removals, handed in the wrong way round, both have their effect', async () => {
  const { account, box, customer, one, two } = await given(2);
  const [first, second] = [box.remove(account.customerId, [one]), box.remove(account.customerId, [two])];
  returnedBy(await customer.giveBack(second));
  returnedBy(await customer.giveBack(first));
  expect(await openActivations(harness, [one, two])).toEqual([]);
  expect(await toldReturns(box)).toHaveLength(2);
});

test.each(['online', 'offline'])(
  'a second receipt of the same removal does not end a later activation, %s',
  async (mode) => {
    const { account, box, customer, one } = await given();
    const receipt = box.remove(account.customerId, [one]);
    const twin = box.remove(account.customerId, [one], { serial: box.serial });
    returnedBy(await customer.giveBack(receipt));
    if (mode === 'offline') activated(await customer.activate({ licenseId: one, installCode: box.installCode }));
    else {
      const device = await givenCms(harness, account, { installCode: box.installCode, deviceKey: box.thumbprint });
      expect((await device.activate([one])).statusCode).toBe(201);
    }
    expectProblem(await customer.giveBack(twin), 422, 'receipt_invalid');
    expect(await openActivations(harness, [one])).toMatchObject([{ mode }]);
  },
);

test('nothing goes free that a file in the field could bring back: the newest file is to be imported first', async () => {
  const { account, box, customer, one } = await given();
  const others = [await givenAccountLicense(account), await givenAccountLicense(account)];
  // Two more files that name the license, which the box has not seen.
  const files: OfflineActivation[] = [];
  for (const licenseId of others) {
    files.push(activated(await customer.activate({ licenseId, installCode: box.installCode })));
  }
  const receipt = box.remove(account.customerId, [one]);
  expectProblem(await customer.giveBack(receipt), 422, 'receipt_invalid');
  const newest = await fileOf(harness, files[1]?.offlineActivationId ?? '');
  expect(box.take(harness, newest)).toContain(one);
  returnedBy(await customer.giveBack(box.remove(account.customerId, [one])));
  expect(() => box.take(harness, newest)).toThrow();
  expect(await openActivations(harness, [one])).toEqual([]);
});

const givenAccountLicense = async (account: Awaited<ReturnType<typeof givenAccount>>): Promise<string> => {
  const licenseId = randomUUID();
  await harness.licenseChanged({ ...account, licenseId });
  return licenseId;
};

test('a file that its controller refuses since a removal is issued again when it is asked for, with the current document', async () => {
  const { account, box, customer, one } = await given();
  const other = await givenAccountLicense(account);
  const made = activated(await customer.activate({ licenseId: other, installCode: box.installCode }));
  const before = await fileOf(harness, made.offlineActivationId);
  // The box has not seen that file, and its removal takes the same serial: it will never take it.
  returnedBy(await customer.giveBack(box.remove(account.customerId, [one])));
  expect(() => box.take(harness, before)).toThrow();
  const reissued = activated(await customer.activate({ licenseId: other, installCode: box.installCode }));
  expect(reissued.offlineActivationId).toBe(made.offlineActivationId);
  expect(reissued.serial).toBeGreaterThan(made.serial);
  const after = await customer.file(made.offlineActivationId);
  expect(box.take(harness, after.body)).toEqual([other]);
  expect((await customer.file(made.offlineActivationId)).body).toBe(after.body);
});

test('downloading is asking, too: the file is issued again once', async () => {
  const { account, box, customer, one } = await given();
  const other = await givenAccountLicense(account);
  const made = activated(await customer.activate({ licenseId: other, installCode: box.installCode }));
  returnedBy(await customer.giveBack(box.remove(account.customerId, [one])));
  const files = await Promise.all(Array.from({ length: 8 }, () => customer.file(made.offlineActivationId)));
  expect(new Set(files.map((answer) => answer.body)).size).toBe(1);
  expect(box.take(harness, files[0]?.body ?? '')).toEqual([other]);
});

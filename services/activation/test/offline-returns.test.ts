import { randomUUID } from 'node:crypto';
import type { Controller, OfflineActivation } from '@smartserver/contracts';
import { actors, expectProblem } from '@smartserver/testing';
import { judgeReceipt } from '../src/offline/receipt.ts';
import { givenAccount, givenCms, newInstallCode, openActivations } from './given.ts';
import { type Harness, startHarness } from './harness.ts';
import { activated, type Box, customerOf, fileOf, givenBox, offline, returnedBy } from './offline-given.ts';

/* Offline returns: the device signs that it has removed licenses; that frees them once, and only if no file can bring them back. */

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness({ instances: 2 });
});
afterAll(() => harness.close());

/** A box with the licenses on it, imported. */
const given = async (count = 1) => {
  const account = await givenAccount(
    harness,
    Array.from({ length: count }, () => ({})),
  );
  const box = givenBox();
  const customer = offline(harness, customerOf(account));
  const made: OfflineActivation[] = [];
  for (const licenseId of account.licenseIds) {
    made.push(activated(await customer.activate({ licenseId, requestFile: box.request() })));
    box.take(harness, await fileOf(harness, made.at(-1)?.offlineActivationId ?? ''));
  }
  const [one = '', two = '', three = ''] = account.licenseIds;
  return { account, box, customer, made, one, two, three };
};
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

test('a file that its controller refuses since a removal is issued anew when it is asked for, with the current document', async () => {
  const { account, box, customer, one } = await given();
  const other = await givenAccountLicense(account);
  const made = activated(await customer.activate({ licenseId: other, installCode: box.installCode }));
  const before = await fileOf(harness, made.offlineActivationId);
  // The box has not seen that file, and its removal takes the same serial: it will never take it.
  returnedBy(await customer.giveBack(box.remove(account.customerId, [one])));
  expect(() => box.take(harness, before)).toThrow();
  const anew = activated(await customer.activate({ licenseId: other, installCode: box.installCode }));
  expect(anew.offlineActivationId).toBe(made.offlineActivationId);
  expect(anew.serial).toBeGreaterThan(made.serial);
  const after = await customer.file(made.offlineActivationId);
  expect(box.take(harness, after.body)).toEqual([other]);
  expect((await customer.file(made.offlineActivationId)).body).toBe(after.body);
});

test('downloading is asking, too: the file is issued anew once', async () => {
  const { account, box, customer, one } = await given();
  const other = await givenAccountLicense(account);
  const made = activated(await customer.activate({ licenseId: other, installCode: box.installCode }));
  returnedBy(await customer.giveBack(box.remove(account.customerId, [one])));
  const files = await Promise.all(Array.from({ length: 8 }, () => customer.file(made.offlineActivationId)));
  expect(new Set(files.map((answer) => answer.body)).size).toBe(1);
  expect(box.take(harness, files[0]?.body ?? '')).toEqual([other]);
});

test('forged, foreign and impossible receipts free nothing', async () => {
  const { account, box, customer, one } = await given();
  const serial = box.serial + 1;
  const thief = givenBox({ installCode: box.installCode });
  const elsewhere = givenBox();
  for (const [receipt, reason] of [
    [thief.remove(account.customerId, [one], { serial }), 'key that this SmartServer is enrolled with'],
    [box.remove(account.customerId, [one]).replace(one, randomUUID()), 'does not say'],
    [box.remove(account.customerId, [one, randomUUID()]), 'never on this SmartServer'],
    [box.remove(randomUUID(), [one]), 'another Customer ID'],
    [box.remove(account.customerId, [one], { serial: Number.MAX_SAFE_INTEGER }), 'serial'],
    [elsewhere.remove(account.customerId, [one], { serial }), 'Make the receipt again'],
    [box.request(), 'not a SmartServer return receipt'],
    ['x', 'not a SmartServer return receipt'],
  ] as const) {
    const problem = expectProblem(await customer.giveBack(receipt), 422, 'receipt_invalid');
    expect(problem.detail).toContain(reason);
  }
  expect(await openActivations(harness, [one])).toHaveLength(1);
  expect(await toldReturns(box)).toEqual([]);
});

test('of several licenses none is returned when one was never there', async () => {
  const { account, box, customer, one, two } = await given(2);
  expectProblem(
    await customer.giveBack(box.remove(account.customerId, [one, two, randomUUID()])),
    422,
    'receipt_invalid',
  );
  expect(await openActivations(harness, [one, two])).toHaveLength(2);
});

test('a controller of which no key is known cannot return offline, and can once it has sent a request file', async () => {
  const account = await givenAccount(harness, [{}]);
  const [licenseId = ''] = account.licenseIds;
  const customer = offline(harness, customerOf(account));
  const box = givenBox();
  const made = activated(await customer.activate({ licenseId, installCode: box.installCode }));
  box.take(harness, await fileOf(harness, made.offlineActivationId));
  const receipt = box.remove(account.customerId, [licenseId]);
  const problem = expectProblem(await customer.giveBack(receipt), 422, 'receipt_invalid');
  expect(problem.detail).toContain('No key');
  // Before the removal, as the box was then.
  activated(await customer.activate({ licenseId, requestFile: box.request({ serial: 1 }) }));
  returnedBy(await customer.giveBack(receipt));
});

test('after Customer Success has reset the key, receipts of the old one are refused', async () => {
  const { account, box, customer, one } = await given();
  const receipt = box.remove(account.customerId, [one]);
  await harness.send(actors.staff(), 'DELETE', `/v1/controllers/${box.installCode}/device-key`);
  expectProblem(await customer.giveBack(receipt), 422, 'receipt_invalid');
  const next = givenBox({ installCode: box.installCode });
  activated(await customer.activate({ licenseId: one, requestFile: next.request() }));
  expectProblem(await customer.giveBack(receipt), 422, 'receipt_invalid');
  expect(await openActivations(harness, [one])).toHaveLength(1);
});

test('an Idempotency-Key keeps the answer of then; Customer Success may hand in, too', async () => {
  const { account, box, one } = await given();
  const staff = actors.staff();
  const key = { 'idempotency-key': randomUUID() };
  const receipt = box.remove(account.customerId, [one]);
  const first = await offline(harness, staff).giveBack(receipt, key);
  const again = await offline(harness, staff).giveBack(receipt, key);
  expect([again.statusCode, again.body]).toEqual([200, first.body]);
  const other = box.remove(account.customerId, [one]);
  expectProblem(await offline(harness, staff).giveBack(other, key), 422, 'idempotency_key_reused');
});

test('a suspended license may be returned offline', async () => {
  const { account, box, customer, one } = await given();
  await harness.licenseChanged({ ...account, licenseId: one, standing: 'suspended', version: 2 });
  returnedBy(await customer.giveBack(box.remove(account.customerId, [one])));
  expect(await openActivations(harness, [one])).toEqual([]);
});

test('input is bounded: 64 KiB of text without NUL', async () => {
  const { account, box, customer, one } = await given();
  const receipt = box.remove(account.customerId, [one]);
  for (const bad of ['', 'x'.repeat(65_537), `${receipt}\u0000`]) {
    expectProblem(await customer.giveBack(bad), 400, 'validation_failed');
  }
  expectProblem(
    await harness.post(actors.staff(), '/v1/offline-returns', { receipt, more: 1 }),
    400,
    'validation_failed',
  );
});

test.each([
  ['on it, by a document the device knew, and no newer file', 3, 2, true, 2, 'leaves'],
  ['on it, and the device refuses the newest file by just its serial', 3, 3, true, 2, 'leaves'],
  ['on it, and a newer file is out', 3, 4, true, 2, 'stale'],
  ['put there by a document as new as the removal', 3, null, true, 3, 'stale'],
  ['put there by a newer document', 3, null, true, 4, 'stale'],
  ['on it from before serials were kept', 1, null, true, null, 'leaves'],
  ['returned', 3, 9, false, 2, 'left'],
] as const)('a license %s', (_name, receiptSerial, lastFileSerial, open, serial, verdict) => {
  const stays = [{ license_id: 'a', open, serial }];
  expect(judgeReceipt('a', { receiptSerial, lastFileSerial, stays })).toBe(verdict);
  expect(judgeReceipt('b', { receiptSerial, lastFileSerial, stays })).toBe('never_there');
});

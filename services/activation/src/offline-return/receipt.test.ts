import { randomUUID } from 'node:crypto';
import { actors, expectProblem } from '@smartserver/testing';
import { givenAccount, openActivations } from '../../test/given.ts';
import { type Harness, startHarness } from '../../test/harness.ts';
import {
  activated,
  customerOf,
  fileOf,
  givenBox,
  givenImported,
  offline,
  returnedBy,
} from '../../test/offline-given.ts';
import { judgeReceipt } from './receipt.ts';

/* Which receipts are taken: genuine ones, of the enrolled key, about licenses that were there. */

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness({ instances: 2 });
});
afterAll(() => harness.close());

const given = (count = 1) => givenImported(harness, count);
const toldReturns = async ({ installCode }: { installCode: string }) =>
  (await harness.events('licenses.returned.1')).filter((event) => event.data.installCode === installCode);

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
  const activations = [{ license_id: 'a', open, serial }];
  expect(judgeReceipt('a', { receiptSerial, lastFileSerial, activations })).toBe(verdict);
  expect(judgeReceipt('b', { receiptSerial, lastFileSerial, activations })).toBe('never_there');
});

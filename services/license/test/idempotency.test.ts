import { randomUUID } from 'node:crypto';
import type { LicensePage, Order } from '@smartserver/contracts';
import { actors, expectProblem } from '@smartserver/testing';
import {
  answerOf,
  CAPACITY,
  givenAssigned,
  givenCustomer,
  givenLicenses,
  givenPartner,
  type Harness,
  REFUSED,
  startHarness,
} from './harness.ts';

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness();
});
afterAll(() => harness.close());

const key = () => ({ 'idempotency-key': randomUUID() });

test('an order sent 20 times at once under one key is placed once, and every answer is the same to the byte', async () => {
  const { partnerId, user } = await givenPartner(harness);
  const headers = key();
  const body = { partnerId, reference: 'PO-1', lines: [{ ...CAPACITY, quantity: 3 }] };
  const answers = await Promise.all(
    Array.from({ length: 20 }, () => harness.post(harness.staff, '/v1/orders', body, headers)),
  );
  expect(new Set(answers.map((answer) => answer.body)).size).toBe(1);
  expect(answers[0]?.json<Order>().licenses).toHaveLength(3);
  expect((await harness.get(user, '/v1/licenses')).json<LicensePage>().items).toHaveLength(3);
});

test('a transfer repeated under its key answers as it did; another body under the key is refused', async () => {
  const { partnerId, user } = await givenPartner(harness);
  const customerId = await givenCustomer(harness, partnerId);
  const [a, b] = await givenLicenses(harness, partnerId, [{ ...CAPACITY, quantity: 2 }]);
  const headers = key();
  const send = (licenseId?: string) =>
    harness.post(user, '/v1/transfers', { customerId, licenseIds: [licenseId] }, headers);
  const first = await send(a?.licenseId);
  const again = await send(a?.licenseId);
  expect([again.statusCode, again.body]).toEqual([201, first.body]);
  expectProblem(await send(b?.licenseId), 422, 'idempotency_key_reused');
  // Another caller's same key is another key.
  const colleague = actors.partnerUser(partnerId);
  const other = await harness.post(colleague, '/v1/transfers', { customerId, licenseIds: [b?.licenseId] }, headers);
  expect(other.statusCode).toBe(201);
});

test('a take-back repeated under its key is one change, and shows what has become of it', async () => {
  const { user, license, url } = await givenAssigned(harness);
  const headers = key();
  const send = () => harness.post(user, `${url}/take-back`, undefined, headers);
  const pending = await Promise.all(Array.from({ length: 10 }, send));
  expect(new Set(pending.map((answer) => `${answer.statusCode} ${answer.body}`)).size).toBe(1);
  expect(pending[0]?.statusCode).toBe(202);
  await harness.take(await answerOf(harness, license.licenseId));
  const completed = await send();
  expect(completed.statusCode).toBe(200);
  const customerId = await givenCustomer(harness, license.partnerId);
  await harness.post(user, '/v1/transfers', { customerId, licenseIds: [license.licenseId] });
  // As the license was right after the change, whatever has become of it since.
  expect((await send()).body).toBe(completed.body);
});

test('a take-back that was refused stays refused under its key; a new key tries again', async () => {
  const { user, license, url } = await givenAssigned(harness);
  const headers = key();
  const send = (of: object) => harness.post(user, `${url}/take-back`, undefined, of);
  harness.whileWaiting(async () => harness.take(await answerOf(harness, license.licenseId, REFUSED)));
  expectProblem(await send(headers), 409, 'license_in_use');
  expectProblem(await send(headers), 409, 'license_in_use');
  harness.whileWaiting(async () => harness.take(await answerOf(harness, license.licenseId, { activationVersion: 2 })));
  expect((await send(key())).statusCode).toBe(200);
});

test('a split repeated under its key makes its parts once', async () => {
  const { partnerId, user } = await givenPartner(harness);
  const [license] = await givenLicenses(harness, partnerId);
  const headers = key();
  const send = () =>
    harness.post(user, `/v1/licenses/${license?.licenseId}/split`, { deviceCounts: [400, 600] }, headers);
  const answers = await Promise.all(Array.from({ length: 10 }, send));
  expect(new Set(answers.map((answer) => `${answer.statusCode} ${answer.body}`)).size).toBe(1);
  expect((await harness.get(user, '/v1/licenses')).json<LicensePage>().items).toHaveLength(2);
});

test('a suspension repeated under its key is one entry in the history', async () => {
  const { url } = await givenAssigned(harness);
  const headers = key();
  const send = () => harness.post(harness.staff, `${url}/suspend`, { reason: 'unpaid' }, headers);
  const answers = await Promise.all(Array.from({ length: 5 }, send));
  expect(new Set(answers.map((answer) => answer.body)).size).toBe(1);
  expect((await harness.get(harness.staff, `${url}/history`)).json().items).toHaveLength(3);
});

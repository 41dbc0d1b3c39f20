import type { License, LicenseChange } from '@smartserver/contracts';
import { expectProblem } from '@smartserver/testing';
import {
  answerOf,
  CAPACITY,
  givenAssigned,
  givenCustomer,
  givenLicenses,
  givenPartner,
  givenTransferred,
  type Harness,
  lastHold,
  moveOf,
  REFUSED,
  startHarness,
} from '../../test/harness.ts';

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness();
});
afterAll(() => harness.close());

const takeBack = (user: Parameters<Harness['post']>[0], url: string) => harness.post(user, `${url}/take-back`);
const read = async (url: string) => (await harness.get(harness.staff, url)).json<License>();

test('a license whose hold activation grants comes back into the inventory, and the customer’s hold ends', async () => {
  const { user, license, url, customerId } = await givenAssigned(harness);
  harness.whileWaiting(async () => harness.take(await answerOf(harness, license.licenseId)));

  const answer = await takeBack(user, url);

  expect(answer.statusCode).toBe(200);
  expect(answer.json()).toMatchObject({ kind: 'take_back', status: 'completed', refusal: null });
  expect(answer.json<LicenseChange>().licenses).toEqual([await read(url)]);
  expect(await read(url)).toMatchObject({ place: 'inventory', customerId: null, version: 3 });
  const hold = await lastHold(harness, license.licenseId);
  expect(hold).toMatchObject({ holdId: answer.json().changeId, licenseVersion: 2 });
  const published = (await harness.events('license.changed.1')).filter((e) => e.data.licenseId === license.licenseId);
  // A higher version than the hold's: that is what ends it.
  expect(published.at(-1)?.data).toMatchObject({ owner: 'inventory', customerId: null, version: 3 });
  expect(published.at(-1)?.actor).toEqual({ kind: 'partner_user', id: user.id });
  const { items } = (await harness.get(user, `${url}/history`)).json();
  expect(items.at(-1)).toMatchObject({ event: 'taken_back', customerId, actor: { id: user.id } });
});

test('a license that turns out to be active stays with its customer: license_in_use', async () => {
  const { user, license, url } = await givenAssigned(harness);
  harness.whileWaiting(async () => harness.take(await answerOf(harness, license.licenseId, REFUSED)));

  expectProblem(await takeBack(user, url), 409, 'license_in_use');

  expect(await read(url)).toMatchObject({ place: 'customer', version: 2 });
  const { holdId } = await lastHold(harness, license.licenseId);
  const change = (await harness.get(user, `/v1/license-changes/${holdId}`)).json();
  expect(change).toMatchObject({ status: 'refused', refusal: 'license_in_use', licenses: [] });
});

test('a license known to be on a controller is refused at once, without asking', async () => {
  const { user, license, url, customerId } = await givenAssigned(harness);
  await harness.take(moveOf('licenses.activated.1', license, customerId, { version: 1 }));
  expectProblem(await takeBack(user, url), 409, 'license_in_use');
  await expect(lastHold(harness, license.licenseId)).rejects.toThrow('no hold');
});

test('without an answer in time the change is pending, with where to look; it completes later', async () => {
  const { user, license, url } = await givenAssigned(harness);

  const answer = await takeBack(user, url);

  expect(answer.statusCode).toBe(202);
  expect(answer.json()).toMatchObject({ status: 'pending', licenses: [] });
  const location = String(answer.headers.location);
  expect(location).toBe(`/v1/license-changes/${answer.json().changeId}`);
  expect((await harness.get(user, location)).json()).toEqual(answer.json());
  await harness.take(await answerOf(harness, license.licenseId));
  expect((await harness.get(user, location)).json()).toMatchObject({
    status: 'completed',
    licenses: [{ licenseId: license.licenseId, place: 'inventory' }],
  });
});

test('while a change is pending the license is not available for another change, a transfer or a note', async () => {
  const { user, customerId, license, url } = await givenAssigned(harness);
  await takeBack(user, url);
  expectProblem(await takeBack(user, url), 409, 'license_not_available');
  expectProblem(await harness.post(user, `${url}/split`, { deviceCounts: [500, 500] }), 409, 'license_not_available');
  const transfer = await harness.post(user, '/v1/transfers', { customerId, licenseIds: [license.licenseId] });
  expectProblem(transfer, 409, 'license_not_available');
  expectProblem(await harness.patch(user, url, { note: 'x' }, { 'if-match': '"2"' }), 409, 'license_not_available');
});

test('of 20 take-backs of one license at once, one asks activation', async () => {
  const { user, license, url } = await givenAssigned(harness);
  const answers = await Promise.all(Array.from({ length: 20 }, () => takeBack(user, url)));
  expect(answers.map((answer) => answer.statusCode).sort()).toEqual([202, ...Array(19).fill(409)]);
  const holds = (await harness.events('hold.requested.1')).filter((e) => e.data.licenseId === license.licenseId);
  expect(holds).toHaveLength(1);
});

test('what is in the inventory, suspended or revoked is not taken back', async () => {
  const { partnerId, user } = await givenPartner(harness);
  const customerId = await givenCustomer(harness, partnerId);
  const [inInventory, suspended, revoked] = await givenLicenses(harness, partnerId, [{ ...CAPACITY, quantity: 3 }]);
  if (!inInventory || !suspended || !revoked) throw new Error('too few');
  await givenTransferred(harness, [suspended, revoked], customerId);
  const urlOf = (license: License) => `/v1/licenses/${license.licenseId}`;
  await harness.post(harness.staff, `${urlOf(suspended)}/suspend`, { reason: 'unpaid' });
  await harness.post(harness.staff, `${urlOf(revoked)}/revoke`, { reason: 'refunded' });
  expectProblem(await takeBack(user, urlOf(inInventory)), 409, 'license_not_available');
  expectProblem(await takeBack(user, urlOf(suspended)), 409, 'license_suspended');
  expectProblem(await takeBack(user, urlOf(revoked)), 409, 'license_revoked');
});

test('a license that came back can go to another customer', async () => {
  const { partnerId, user, license, url } = await givenAssigned(harness);
  harness.whileWaiting(async () => harness.take(await answerOf(harness, license.licenseId)));
  await takeBack(user, url);
  const other = await givenCustomer(harness, partnerId);
  await givenTransferred(harness, [license], other);
  expect(await read(url)).toMatchObject({ place: 'customer', customerId: other, version: 4 });
});

import type { License, TransferPage } from '@smartserver/contracts';
import { expectProblem, makeEvent } from '@smartserver/testing';
import {
  CAPACITY,
  givenCustomer,
  givenLicenses,
  givenPartner,
  givenTransferred,
  type Harness,
  startHarness,
  unknownId,
} from '../../test/harness.ts';

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness();
});
afterAll(() => harness.close());

const given = async (quantity = 3) => {
  const { partnerId, user } = await givenPartner(harness);
  const customerId = await givenCustomer(harness, partnerId, 4);
  const licenses = await givenLicenses(harness, partnerId, [{ ...CAPACITY, quantity }]);
  const licenseIds = licenses.map((license) => license.licenseId);
  return { partnerId, user, customerId, licenses, licenseIds };
};

const placesOf = async (licenseIds: string[]) =>
  Promise.all(
    licenseIds.map(async (id) => {
      const { place, customerId, version } = (await harness.get(harness.staff, `/v1/licenses/${id}`)).json<License>();
      return { place, customerId, version };
    }),
  );

test('a transfer moves every license to the customer, and publishes each and the whole', async () => {
  const { partnerId, user, customerId, licenseIds } = await given();

  const answer = await harness.post(user, '/v1/transfers', { customerId, licenseIds });

  expect(answer.statusCode).toBe(201);
  expect(answer.json()).toMatchObject({ partnerId, customerId, licenseIds, createdAt: '2026-03-01T12:00:00.000Z' });
  expect(await placesOf(licenseIds)).toEqual(licenseIds.map(() => ({ place: 'customer', customerId, version: 2 })));
  const changed = (await harness.events('license.changed.1')).filter(
    (event) => event.data.partnerId === partnerId && event.data.version === 2,
  );
  expect(changed.map((event) => [event.data.licenseId, event.data.owner, event.data.customerId])).toEqual(
    licenseIds.map((id) => [id, 'customer', customerId]),
  );
  const published = (await harness.events('licenses.transferred.1')).filter(
    (event) => event.data.partnerId === partnerId,
  );
  expect(published).toHaveLength(1);
  expect(published[0]?.data).toEqual({
    transferId: answer.json().transferId,
    partnerId,
    customerId,
    customerVersion: 4,
    licenses: licenseIds.map((licenseId) => ({ licenseId, kind: 'capacity', deviceCount: 1000 })),
  });
});

test('each license’s history has the transfer, who made it and to whom', async () => {
  const { user, customerId, licenseIds } = await given(1);
  await harness.post(user, '/v1/transfers', { customerId, licenseIds });
  const { items } = (await harness.get(user, `/v1/licenses/${licenseIds[0]}/history`)).json();
  expect(items[1]).toMatchObject({
    event: 'transferred',
    customerId,
    actor: { kind: 'partner_user', id: user.id },
    at: '2026-03-01T12:00:00.000Z',
  });
});

test('one license that cannot move keeps all of them where they are, and is named', async () => {
  const { user, customerId, licenseIds, licenses } = await given(3);
  await givenTransferred(harness, licenses.slice(1, 2), customerId);
  const before = await placesOf(licenseIds);

  const answer = await harness.post(user, '/v1/transfers', { customerId, licenseIds });

  const problem = expectProblem(answer, 409, 'license_not_available');
  expect(problem.errors).toMatchObject([{ pointer: '/licenseIds/1', code: 'license_not_available' }]);
  expect(await placesOf(licenseIds)).toEqual(before);
});

test('what is suspended or revoked does not move', async () => {
  const { user, customerId, licenseIds } = await given(2);
  await harness.post(harness.staff, `/v1/licenses/${licenseIds[0]}/suspend`, { reason: 'unpaid' });
  const suspended = await harness.post(user, '/v1/transfers', { customerId, licenseIds });
  expect(expectProblem(suspended, 409, 'license_suspended').errors).toMatchObject([{ pointer: '/licenseIds/0' }]);
  await harness.post(harness.staff, `/v1/licenses/${licenseIds[1]}/revoke`, { reason: 'refunded' });
  const revoked = await harness.post(user, '/v1/transfers', { customerId, licenseIds });
  expect(expectProblem(revoked, 409, 'license_revoked').errors).toMatchObject([
    { pointer: '/licenseIds/0', code: 'license_suspended' },
    { pointer: '/licenseIds/1', code: 'license_revoked' },
  ]);
});

test('another partner’s license is not found, and neither is one that does not exist: the answers are alike', async () => {
  const { user, customerId, licenseIds } = await given(1);
  const other = await given(1);
  const bodies = new Set<string>();
  for (const id of [other.licenseIds[0], unknownId()]) {
    const answer = await harness.post(user, '/v1/transfers', { customerId, licenseIds: [...licenseIds, id] });
    const { instance, ...problem } = expectProblem(answer, 404, 'license_not_found');
    expect(problem.errors).toMatchObject([{ pointer: '/licenseIds/1' }]);
    bodies.add(JSON.stringify(problem));
  }
  expect(bodies.size).toBe(1);
  expect(await placesOf([...licenseIds, ...other.licenseIds])).toMatchObject([
    { place: 'inventory' },
    { place: 'inventory' },
  ]);
});

test('another partner’s customer is not found, and neither is one that does not exist: the answers are alike', async () => {
  const { user, licenseIds } = await given(1);
  const other = await given(1);
  const bodies = new Set<string>();
  for (const customerId of [other.customerId, unknownId()]) {
    const answer = await harness.post(user, '/v1/transfers', { customerId, licenseIds });
    const { instance, ...problem } = expectProblem(answer, 404, 'customer_not_found');
    bodies.add(JSON.stringify(problem));
  }
  expect(bodies.size).toBe(1);
});

test('Customer Success transfers for any partner, but not one partner’s license to another’s customer', async () => {
  const { customerId, licenseIds } = await given(1);
  const other = await given(1);
  const mixed = await harness.post(harness.staff, '/v1/transfers', { customerId, licenseIds: other.licenseIds });
  expectProblem(mixed, 404, 'license_not_found');
  expect((await harness.post(harness.staff, '/v1/transfers', { customerId, licenseIds })).statusCode).toBe(201);
});

test('a transfer to a customer whose event is still on its way waits for it', async () => {
  const { partnerId, user, licenseIds } = await given(1);
  const customerId = unknownId();
  const data = { customerId, partnerId, name: 'P-Building 1', contacts: [], version: 1 };
  harness.whileWaiting(() => harness.take(makeEvent('customer.changed.1', data)));
  expect((await harness.post(user, '/v1/transfers', { customerId, licenseIds })).statusCode).toBe(201);
});

test('a transfer names the newest version of the customer that has been published, in whatever order', async () => {
  const { partnerId, user, customerId, licenseIds } = await given(1);
  const at = (version: number) =>
    harness.take(makeEvent('customer.changed.1', { customerId, partnerId, name: 'P', contacts: [], version }));
  await at(9);
  await at(5);
  await harness.post(user, '/v1/transfers', { customerId, licenseIds });
  const published = (await harness.events('licenses.transferred.1')).find(
    (event) => event.data.customerId === customerId,
  );
  expect(published?.data.customerVersion).toBe(9);
});

test('of 20 transfers of one license at once, one succeeds', async () => {
  const { partnerId, user, customerId, licenseIds } = await given(1);
  const second = await givenCustomer(harness, partnerId);
  const answers = await Promise.all(
    Array.from({ length: 20 }, (_, index) =>
      harness.post(user, '/v1/transfers', { customerId: index % 2 === 0 ? customerId : second, licenseIds }),
    ),
  );
  expect(answers.map((answer) => answer.statusCode).sort()).toEqual([201, ...Array(19).fill(409)]);
  const published = (await harness.events('licenses.transferred.1')).filter(
    (event) => event.data.partnerId === partnerId,
  );
  expect(published).toHaveLength(1);
  expect(await placesOf(licenseIds)).toEqual([
    { place: 'customer', customerId: published[0]?.data.customerId, version: 2 },
  ]);
});

test('transfers of the same licenses in opposite orders end, without a deadlock', async () => {
  const { user, customerId, licenseIds } = await given(20);
  const answers = await Promise.all(
    Array.from({ length: 10 }, (_, index) =>
      harness.post(user, '/v1/transfers', {
        customerId,
        licenseIds: index % 2 === 0 ? licenseIds : [...licenseIds].reverse(),
      }),
    ),
  );
  expect(answers.map((answer) => answer.statusCode).sort()).toEqual([201, ...Array(9).fill(409)]);
});

test('the same license twice in one transfer is refused, in whatever case it is written', async () => {
  const { user, customerId, licenseIds } = await given(1);
  const twice = [licenseIds[0], licenseIds[0]?.toUpperCase()];
  expectProblem(await harness.post(user, '/v1/transfers', { customerId, licenseIds: twice }), 400, 'validation_failed');
});

test('transfers are listed newest first, page by page, the partner’s own only', async () => {
  const { user, customerId, licenseIds } = await given(3);
  const made: string[] = [];
  for (const id of licenseIds) {
    const answer = await harness.post(user, '/v1/transfers', { customerId, licenseIds: [id] });
    made.unshift(answer.json().transferId);
  }
  const first = (await harness.get(user, '/v1/transfers?limit=2')).json<TransferPage>();
  const second = (await harness.get(user, `/v1/transfers?limit=2&cursor=${first.nextCursor}`)).json<TransferPage>();
  expect([...first.items, ...second.items].map((transfer) => transfer.transferId)).toEqual(made);
  expect(second.nextCursor).toBeNull();
  const other = await givenPartner(harness);
  expect((await harness.get(other.user, '/v1/transfers')).json<TransferPage>().items).toEqual([]);
});

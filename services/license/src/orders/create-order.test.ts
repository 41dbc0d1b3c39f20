import type { Order } from '@smartserver/contracts';

import { actors, expectProblem, makeEvent } from '@smartserver/testing';
import {
  CAPACITY,
  givenLicenses,
  givenPartner,
  type Harness,
  MAINTENANCE,
  startHarness,
  unknownId,
} from '../../test/harness.ts';

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness();
});
afterAll(() => harness.close());

const order = (partnerId: string, lines: object[]) =>
  harness.post(harness.staff, '/v1/orders', { partnerId, reference: 'PO-2022-0417', lines });

test('a purchase puts every license of every line into the partner’s inventory and publishes each', async () => {
  const { partnerId, user } = await givenPartner(harness);

  const answer = await order(partnerId, [CAPACITY, { ...CAPACITY, deviceCount: 200, quantity: 2 }, MAINTENANCE]);

  expect(answer.statusCode).toBe(201);
  const placed = answer.json<Order>();
  expect(placed).toMatchObject({ partnerId, reference: 'PO-2022-0417', createdAt: '2026-03-01T12:00:00.000Z' });
  expect(placed.licenses.map((l) => [l.kind, l.deviceCount, l.termYears])).toEqual([
    ['capacity', 1000, null],
    ['capacity', 200, null],
    ['capacity', 200, null],
    ['maintenance', 1000, 3],
  ]);
  for (const license of placed.licenses) {
    expect(license).toMatchObject({ place: 'inventory', status: 'in_inventory', customerId: null, version: 1 });
    // Version 4: it cannot be guessed.
    expect(license.licenseId).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4/);
    expect((await harness.get(user, `/v1/licenses/${license.licenseId}`)).json()).toEqual(license);
  }
  const published = (await harness.events('license.changed.1')).filter((event) => event.data.partnerId === partnerId);
  expect(published.map((event) => [event.data.licenseId, event.data.owner, event.data.version])).toEqual(
    placed.licenses.map((license) => [license.licenseId, 'inventory', 1]),
  );
  expect(published[0]?.actor).toEqual({ kind: 'staff', id: harness.staff.id });
});

test('the history of a license begins with its purchase and names the order', async () => {
  const { partnerId, user } = await givenPartner(harness);
  const [license] = await givenLicenses(harness, partnerId);
  const history = await harness.get(user, `/v1/licenses/${license?.licenseId}/history`);
  expect(history.json().items).toMatchObject([
    { event: 'purchased', detail: 'PO-2022-0417', customerId: null, actor: { kind: 'staff' } },
  ]);
});

test('a maintenance license needs a term, and the kinds that never expire refuse one', async () => {
  const { partnerId } = await givenPartner(harness);
  const lines = [
    CAPACITY,
    { kind: 'maintenance', deviceCount: 10, quantity: 1 },
    { ...CAPACITY, termYears: 1 },
    { kind: 'core', deviceCount: 10, quantity: 1, termYears: 1 },
  ];
  const problem = expectProblem(await order(partnerId, lines), 400, 'validation_failed');
  expect(problem.errors?.map((item) => [item.pointer, item.code])).toEqual([
    ['/lines/1/termYears', 'required'],
    ['/lines/2/termYears', 'not_allowed'],
    ['/lines/3/termYears', 'not_allowed'],
  ]);
});

test('an order of more licenses than one answer may hold is refused', async () => {
  const { partnerId } = await givenPartner(harness);
  const lines = Array.from({ length: 6 }, () => ({ ...CAPACITY, quantity: 200 }));
  const problem = expectProblem(await order(partnerId, lines), 400, 'validation_failed');
  expect(problem.errors).toMatchObject([{ pointer: '/lines', code: 'too_many' }]);
});

test('the largest order is placed whole', async () => {
  const { partnerId } = await givenPartner(harness);
  const answer = await order(
    partnerId,
    Array.from({ length: 5 }, () => ({ ...CAPACITY, quantity: 200 })),
  );
  expect(answer.json<Order>().licenses).toHaveLength(1000);
});

test('an order takes as many statements for a thousand licenses as for one', async () => {
  const { partnerId } = await givenPartner(harness);
  const client = await harness.database.pool.connect();
  client.release();
  const query = jest.spyOn(Object.getPrototypeOf(client), 'query');
  const statements = async (lines: object[]) => {
    query.mockClear();
    expect((await order(partnerId, lines)).statusCode).toBe(201);
    return query.mock.calls.length;
  };
  const one = await statements([CAPACITY]);
  const many = await statements(Array.from({ length: 5 }, () => ({ ...CAPACITY, quantity: 200 })));
  query.mockRestore();
  expect(many).toBe(one);
});

test('an order for an unknown partner is refused', async () => {
  expectProblem(await order(unknownId(), [CAPACITY]), 404, 'partner_not_found');
});

test('an order for a partner whose event is still on its way waits for it', async () => {
  const partnerId = unknownId();
  harness.whileWaiting(() => harness.take(makeEvent('partner.changed.1', { partnerId, name: 'New', version: 1 })));
  expect((await order(partnerId, [CAPACITY])).statusCode).toBe(201);
});

test('only Customer Success may add purchases', async () => {
  const { partnerId, user } = await givenPartner(harness);
  for (const actor of [user, actors.partnerUser(partnerId), actors.apiClient(partnerId), actors.customer()]) {
    const answer = await harness.post(actor, '/v1/orders', { partnerId, reference: 'x', lines: [CAPACITY] });
    expectProblem(answer, 403, 'scope_missing');
  }
  expectProblem(
    await harness.post(null, '/v1/orders', { partnerId, reference: 'x', lines: [] }),
    401,
    'unauthenticated',
  );
});

describe('a renewal', () => {
  const renewal = (renews: string | undefined, line: object = {}) => ({ ...MAINTENANCE, renews, ...line });

  test('names the maintenance license that it renews', async () => {
    const { partnerId } = await givenPartner(harness);
    const [first] = await givenLicenses(harness, partnerId, [MAINTENANCE]);
    const answer = await order(partnerId, [renewal(first?.licenseId)]);
    expect(answer.json<Order>().licenses).toMatchObject([{ renews: first?.licenseId }]);
  });

  test('of an unknown, a foreign, a capacity or a revoked license is refused, all alike', async () => {
    const { partnerId } = await givenPartner(harness);
    const other = await givenPartner(harness);
    const [foreign] = await givenLicenses(harness, other.partnerId, [MAINTENANCE]);
    const [capacity, revoked] = await givenLicenses(harness, partnerId, [CAPACITY, MAINTENANCE]);
    await harness.post(harness.staff, `/v1/licenses/${revoked?.licenseId}/revoke`, { reason: 'refunded' });

    const bodies = new Set<string>();
    for (const id of [unknownId(), ...[foreign, capacity, revoked].map((license) => license?.licenseId)]) {
      const { instance, ...problem } = expectProblem(await order(partnerId, [renewal(id)]), 422, 'renewal_mismatch');
      bodies.add(JSON.stringify(problem));
    }
    expect(bodies.size).toBe(1);
  });

  test('alone may have any number of devices', async () => {
    const { partnerId } = await givenPartner(harness);
    const licenses = await givenLicenses(harness, partnerId, [{ ...MAINTENANCE, quantity: 2 }]);
    for (const [index, deviceCount] of [1, 5000].entries()) {
      const answer = await order(partnerId, [renewal(licenses[index]?.licenseId, { deviceCount })]);
      expect(answer.statusCode).toBe(201);
    }
  });

  test('may be one of several that have the devices of the license they renew, in one order or more, and no more', async () => {
    const { partnerId } = await givenPartner(harness);
    const [license] = await givenLicenses(harness, partnerId, [MAINTENANCE]);
    const part = (deviceCount: number, quantity = 1) => renewal(license?.licenseId, { deviceCount, quantity });
    expect((await order(partnerId, [part(200, 3), part(100)])).statusCode).toBe(201);
    expectProblem(await order(partnerId, [part(301)]), 422, 'renewal_mismatch');
    expect((await order(partnerId, [part(300)])).statusCode).toBe(201);
    expectProblem(await order(partnerId, [part(1)]), 422, 'renewal_mismatch');
  });

  test('cannot join one that has more devices than the license it renews', async () => {
    const { partnerId } = await givenPartner(harness);
    const [license] = await givenLicenses(harness, partnerId, [MAINTENANCE]);
    expect((await order(partnerId, [renewal(license?.licenseId, { deviceCount: 1200 })])).statusCode).toBe(201);
    expectProblem(await order(partnerId, [renewal(license?.licenseId, { deviceCount: 1 })]), 422, 'renewal_mismatch');
  });

  test('that was split has the devices of its parts', async () => {
    const { partnerId, user } = await givenPartner(harness);
    const [license] = await givenLicenses(harness, partnerId, [MAINTENANCE]);
    const placed = await order(partnerId, [renewal(license?.licenseId, { deviceCount: 600 })]);
    const whole = placed.json<Order>().licenses[0]?.licenseId ?? '';
    const split = await harness.post(user, `/v1/licenses/${whole}/split`, { deviceCounts: [500, 100] });
    expect(split.statusCode).toBe(200);
    expectProblem(await order(partnerId, [renewal(license?.licenseId, { deviceCount: 401 })]), 422, 'renewal_mismatch');
    expect((await order(partnerId, [renewal(license?.licenseId, { deviceCount: 400 })])).statusCode).toBe(201);
  });

  test('is a maintenance license, and the lines of an order are counted together', async () => {
    const { partnerId } = await givenPartner(harness);
    const [a, b] = await givenLicenses(harness, partnerId, [{ ...MAINTENANCE, quantity: 2 }]);
    const lines = [
      renewal(a?.licenseId, { quantity: 2 }),
      { ...CAPACITY, renews: a?.licenseId },
      renewal(b?.licenseId),
      renewal(b?.licenseId, { deviceCount: 1 }),
    ];
    const problem = expectProblem(await order(partnerId, lines), 422, 'renewal_mismatch');
    expect(problem.errors?.map((item) => item.pointer)).toEqual([
      '/lines/0/renews',
      '/lines/1/renews',
      '/lines/3/renews',
    ]);
  });

  test('has no more devices than there are to renew, however many orders come at once', async () => {
    const { partnerId } = await givenPartner(harness);
    const [license] = await givenLicenses(harness, partnerId, [MAINTENANCE]);
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => order(partnerId, [renewal(license?.licenseId, { deviceCount: 300 })])),
    );
    expect(answers.map((answer) => answer.statusCode).sort()).toEqual([...Array(3).fill(201), ...Array(7).fill(422)]);
  });

  test('that was revoked leaves its devices to be renewed again', async () => {
    const { partnerId } = await givenPartner(harness);
    const [license] = await givenLicenses(harness, partnerId, [MAINTENANCE]);
    const first = (await order(partnerId, [renewal(license?.licenseId)])).json<Order>();
    await harness.post(harness.staff, `/v1/licenses/${first.licenses[0]?.licenseId}/revoke`, { reason: 'refunded' });
    expect((await order(partnerId, [renewal(license?.licenseId)])).statusCode).toBe(201);
  });
});

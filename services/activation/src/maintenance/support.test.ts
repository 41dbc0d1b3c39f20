import { randomUUID } from 'node:crypto';
import type { Actor } from '@smartserver/contracts';
import { actors, expectProblem, makeEvent } from '@smartserver/testing';
import { type Harness, startHarness } from '../../test/harness.ts';
import { givenMaintained, givenYear, NOW } from '../../test/maintenance-given.ts';

/* Whether priority support is due, by customer or controller. Until when, the rules say and test. */

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness();
});
beforeEach(() => harness.clock.set(NOW));
afterAll(() => harness.close());

const ask = (actor: Actor, query: string) => harness.get(actor, `/v1/support-eligibility?${query}`);
const byController = (device: { installCode: string }) => `installCode=${device.installCode}`;
const byCustomer = (account: { customerId: string }) => `customerId=${account.customerId}`;

test('support is due while maintenance is in force, of however many devices, renewals that follow included', async () => {
  const { account, device, maintenanceIds } = await givenMaintained(harness, { maintenance: [1] });
  const [first = ''] = maintenanceIds;
  const second = await givenYear(harness, account, { deviceCount: 1, renews: first as never });
  const [customerId, installCode] = [account.customerId, device.installCode];
  const eligible = { eligible: true, until: '2027-03-01T12:00:00.000Z', checkedAt: NOW };
  expect((await ask(device.cms, byController(device))).json()).toEqual({ customerId: null, installCode, ...eligible });
  expect((await ask(device.cms, byCustomer(account))).json()).toEqual({ customerId, installCode: null, ...eligible });
  await device.activate([second]);
  expect((await ask(device.cms, byController(device))).json()).toMatchObject({ until: '2028-03-01T12:00:00.000Z' });
  harness.clock.set('2028-03-01T12:00:00Z');
  for (const query of [byController(device), byCustomer(account)]) {
    expect((await ask(device.cms, query)).json()).toMatchObject({ eligible: false, until: null });
  }
});

test('of a customer all maintenance counts, also on other controllers and what was returned; not what never began', async () => {
  const { account, device, maintenanceIds } = await givenMaintained(harness);
  await device.giveBack({ licenseIds: maintenanceIds });
  expect((await ask(device.cms, byController(device))).json()).toMatchObject({ eligible: false });
  expect((await ask(device.cms, byCustomer(account))).json()).toMatchObject({ eligible: true });

  const fresh = await givenMaintained(harness, { maintenance: [] });
  await givenYear(harness, fresh.account);
  expect((await ask(fresh.device.cms, byCustomer(fresh.account))).json()).toMatchObject({ eligible: false });
});

test('maintenance that is suspended entitles to nothing', async () => {
  const { account, device, maintenanceIds } = await givenMaintained(harness);
  const event = { ...account, kind: 'maintenance', termYears: 1, deviceCount: 1000 } as const;
  await harness.licenseChanged({ ...event, licenseId: maintenanceIds[0] ?? '', standing: 'suspended', version: 2 });
  for (const query of [byController(device), byCustomer(account)]) {
    expect((await ask(device.cms, query)).json()).toMatchObject({ eligible: false, until: null });
  }
});

test('it is asked for by customer or by controller: one of the two', async () => {
  const { account, device } = await givenMaintained(harness);
  const pointers = ['query/customerId', 'query/installCode'];
  for (const query of ['', `${byController(device)}&${byCustomer(account)}`]) {
    const problem = expectProblem(await ask(actors.staff(), query), 400, 'validation_failed');
    expect(problem.errors?.map((item) => item.pointer)).toEqual(pointers);
  }
});

test('a customer whose event is still on its way is waited for', async () => {
  const customerId = randomUUID();
  const partnerId = randomUUID();
  const partner = actors.partnerUser(partnerId);
  const data = { customerId, partnerId, name: 'P', contacts: [], version: 1 };
  harness.time.passes = async () => void (await harness.take(makeEvent('customer.changed.1', data)));
  expect((await ask(partner, byCustomer({ customerId }))).json()).toMatchObject({ eligible: false });
  harness.time.passes = async () => undefined;
});

test('customers and controllers of others are unknown to a partner and to a CMS, which asks for its own', async () => {
  const { account, device } = await givenMaintained(harness);
  const other = await givenMaintained(harness);
  for (const reader of [actors.staff(), actors.partnerUser(account.partnerId, 'viewer'), device.cms]) {
    for (const query of [byController(device), byCustomer(account)]) {
      expect((await ask(reader, query)).json()).toMatchObject({ eligible: true });
    }
  }
  for (const stranger of [other.device.cms, actors.partnerUser(other.account.partnerId), actors.apiClient()]) {
    expectProblem(await ask(stranger, byController(device)), 404, 'controller_not_found');
    const [foreign, unknown] = [
      expectProblem(await ask(stranger, byCustomer(account)), 404, 'customer_not_found'),
      expectProblem(await ask(stranger, byCustomer({ customerId: randomUUID() })), 404, 'customer_not_found'),
    ];
    expect({ ...foreign, instance: null }).toEqual({ ...unknown, instance: null });
  }
  expectProblem(await ask(actors.customer(), byCustomer(account)), 403, 'scope_missing');
});

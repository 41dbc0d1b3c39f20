import type { Coverage } from '@smartserver/contracts';
import { actors, expectProblem } from '@smartserver/testing';
import { givenAccount, givenCms } from '../../test/given.ts';
import { type Harness, startHarness } from '../../test/harness.ts';
import { givenMaintained, givenYear, NOW } from '../../test/maintenance-given.ts';

/* Coverage of a controller (rule 8). What it is, the rules say and test: here, what they are asked. */

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness();
});
beforeEach(() => harness.clock.set(NOW));
afterAll(() => harness.close());

const coverageOf = async (device: { cms: Parameters<Harness['get']>[0]; url: string }) =>
  (await harness.get(device.cms, `${device.url}/coverage`)).json<Coverage>();

test('the maintenance on a controller covers its capacity, until the first of them expires', async () => {
  const { device, maintenanceIds } = await givenMaintained(harness, { maintenance: [600, 400] });
  const [a, b] = [...maintenanceIds].sort();
  const term = { startsAt: NOW, expiresAt: '2027-03-01T12:00:00.000Z', state: 'active' };
  expect(await coverageOf(device)).toEqual({
    installCode: device.installCode,
    at: NOW,
    covered: true,
    capacityDevices: 1000,
    maintainedDevices: 1000,
    missingDevices: 0,
    coveredUntil: '2027-03-01T12:00:00.000Z',
    maintenance: [a, b].map((licenseId) => ({
      licenseId,
      deviceCount: licenseId === maintenanceIds[0] ? 600 : 400,
      ...term,
    })),
  });
});

test('too little maintenance covers nothing, and how many devices are missing is said', async () => {
  const { device } = await givenMaintained(harness, { maintenance: [999] });
  expect(await coverageOf(device)).toMatchObject({
    covered: false,
    maintainedDevices: 999,
    missingDevices: 1,
    coveredUntil: null,
  });
});

test('a renewal that is activated early counts from the expiry of the one it renews, and not before', async () => {
  const { account, device, maintenanceIds } = await givenMaintained(harness);
  const [first = ''] = maintenanceIds;
  const early = await givenYear(harness, account, { deviceCount: 1000, renews: first as never });
  harness.clock.set('2027-02-01T00:00:00Z');
  await device.activate([early]);
  expect(await coverageOf(device)).toMatchObject({
    maintainedDevices: 1000,
    coveredUntil: '2028-03-01T12:00:00.000Z',
    maintenance: [
      { licenseId: first, state: 'expiring' },
      { licenseId: early, state: 'not_started', startsAt: '2027-03-01T12:00:00.000Z' },
    ],
  });
  harness.clock.set('2027-03-01T12:00:00Z');
  expect(await coverageOf(device)).toMatchObject({
    covered: true,
    maintainedDevices: 1000,
    maintenance: [
      { licenseId: first, state: 'expired' },
      { licenseId: early, state: 'active' },
    ],
  });
});

test('suspended licenses and those that were returned do not count', async () => {
  const { account, device, maintenanceIds } = await givenMaintained(harness, { maintenance: [600, 400] });
  const [suspended = '', returned = ''] = maintenanceIds;
  const event = { ...account, licenseId: suspended, kind: 'maintenance', termYears: 1, deviceCount: 600 } as const;
  await harness.licenseChanged({ ...event, standing: 'suspended', version: 2 });
  expect(await coverageOf(device)).toMatchObject({ covered: false, maintainedDevices: 400 });
  await device.giveBack({ licenseIds: [returned] });
  expect(await coverageOf(device)).toMatchObject({ maintainedDevices: 0, maintenance: [] });
  await harness.licenseChanged({
    ...account,
    licenseId: account.licenseIds[0] ?? '',
    standing: 'suspended',
    version: 2,
  });
  expect(await coverageOf(device)).toMatchObject({ covered: true, capacityDevices: 0, coveredUntil: null });
});

test('a controller without licenses has nothing to cover', async () => {
  const device = await givenCms(harness, await givenAccount(harness));
  expect(await coverageOf(device)).toMatchObject({ covered: true, capacityDevices: 0, maintenance: [] });
});

test('its partner and Customer Success read it; to anybody else there is no such controller', async () => {
  const { account, device } = await givenMaintained(harness);
  const other = await givenMaintained(harness);
  const url = `${device.url.toLowerCase()}/coverage`;
  for (const reader of [actors.staff(), actors.partnerUser(account.partnerId, 'viewer'), device.cms]) {
    expect((await harness.get(reader, url)).json()).toMatchObject({ installCode: device.installCode });
  }
  const strangers = [other.device.cms, actors.partnerUser(other.account.partnerId), actors.apiClient()];
  for (const stranger of strangers) expectProblem(await harness.get(stranger, url), 404, 'controller_not_found');
  expectProblem(await harness.get(actors.customer(), url), 403, 'scope_missing');
});

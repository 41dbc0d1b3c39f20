import type { SignedLicenseDocument } from '@smartserver/contracts';
import { expectProblem, makeEvent } from '@smartserver/testing';
import { givenAccount, givenCms, givenLicense, licensesIn } from '../../test/given.ts';
import { type Harness, startHarness } from '../../test/harness.ts';

/* What the events of other services do here: projections take a higher version only, and documents follow the standing. */

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness();
});
afterAll(() => harness.close());

const givenActive = async () => {
  const account = await givenAccount(harness, [{}, {}]);
  const device = await givenCms(harness, account);
  await device.activate(account.licenseIds);
  const [one = '', two = ''] = account.licenseIds;
  return { account, device, one, two };
};
const serialOf = async (device: Awaited<ReturnType<typeof givenActive>>['device']) =>
  (await device.document()).json<SignedLicenseDocument>().serial;

test('suspending an active license makes a new document without it; reinstating one with it; each is published', async () => {
  const { account, device, one, two } = await givenActive();
  await harness.licenseChanged({ ...account, licenseId: one, standing: 'suspended', version: 2 });
  expect([await serialOf(device), licensesIn(harness, await device.document())]).toEqual([2, [two]]);
  expect((await device.onIt()).json()).toMatchObject({ items: [{ status: 'suspended' }, { status: 'active' }] });
  await harness.licenseChanged({ ...account, licenseId: one, standing: 'good', version: 3 });
  expect([await serialOf(device), licensesIn(harness, await device.document())]).toEqual([3, [one, two].sort()]);
  const recorded = (await harness.events('controller.changed.1')).filter(
    (e) => e.data.installCode === device.installCode,
  );
  expect(recorded.map((event) => [event.data.version, event.data.licenseCount])).toEqual([
    [1, 0],
    [2, 2],
    [3, 2],
    [4, 2],
  ]);
});

test('from suspended to revoked nothing changes in the document', async () => {
  const { account, device, one } = await givenActive();
  await harness.licenseChanged({ ...account, licenseId: one, standing: 'suspended', version: 2 });
  await harness.licenseChanged({ ...account, licenseId: one, standing: 'revoked', version: 3 });
  expect(await serialOf(device)).toBe(2);
  expectProblem(await device.activate([one]), 409, 'license_revoked');
});

test('a holder that asks again for a suspended license gets that answer', async () => {
  const { account, device, one } = await givenActive();
  await harness.licenseChanged({ ...account, licenseId: one, standing: 'suspended', version: 2 });
  expectProblem(await device.activate([one]), 409, 'license_suspended');
});

test('a note changes the table, not the document', async () => {
  const { account, device, one } = await givenActive();
  await harness.licenseChanged({ ...account, licenseId: one, note: 'Wing B', version: 2 });
  expect(await serialOf(device)).toBe(1);
  expect((await device.onIt()).json()).toMatchObject({ items: [{ note: 'Wing B' }, { note: '' }] });
});

test('older events have no effect, in whatever order they come, and the same event has one', async () => {
  const account = await givenAccount(harness);
  const licenseId = await givenLicense(harness, account, { version: 5, deviceCount: 500 });
  await harness.licenseChanged({ ...account, licenseId, version: 4, deviceCount: 400 });
  const device = await givenCms(harness, account);
  expect((await device.available()).json()).toMatchObject({ items: [{ deviceCount: 500 }] });
  const event = makeEvent('customer.changed.1', { ...account, name: 'P', contacts: [], version: 1 });
  expect([await harness.take(event), await harness.take(event)]).toEqual([true, false]);
});

test('a license that goes on to another account is theirs alone', async () => {
  const [account, other] = [await givenAccount(harness, [{}]), await givenAccount(harness)];
  const [licenseId = ''] = account.licenseIds;
  await harness.licenseChanged({ ...other, licenseId, version: 2 });
  expectProblem(await (await givenCms(harness, account)).activate([licenseId]), 404, 'license_not_found');
  expect((await (await givenCms(harness, other)).activate([licenseId])).statusCode).toBe(201);
});

test('a maintenance license without a term is not taken: no document could name its expiry', async () => {
  const account = await givenAccount(harness);
  await expect(givenLicense(harness, account, { kind: 'maintenance', termYears: null })).rejects.toThrow('no term');
});

describe('renewals', () => {
  const YEAR = { kind: 'maintenance', termYears: 1 } as const;

  test('a renewal starts when the license it renews expires', async () => {
    const account = await givenAccount(harness, [YEAR]);
    const [first = ''] = account.licenseIds;
    const second = await givenLicense(harness, account, { ...YEAR, termYears: 3, renews: first as never });
    const third = await givenLicense(harness, account, { ...YEAR, renews: second as never });
    const device = await givenCms(harness, account);
    await device.activate([first]);
    harness.clock.advance(100 * 86_400_000);
    expect((await device.activate([second])).json()).toMatchObject({
      activations: [{ expiresAt: '2030-03-01T12:00:00.000Z' }],
    });
    expect((await device.activate([third])).json()).toMatchObject({
      activations: [{ expiresAt: '2031-03-01T12:00:00.000Z' }],
    });
    harness.clock.set('2026-03-01T12:00:00Z');
  });

  test('after its expiry a renewal starts at its own activation', async () => {
    const account = await givenAccount(harness, [YEAR]);
    const [first = ''] = account.licenseIds;
    const second = await givenLicense(harness, account, { ...YEAR, renews: first as never });
    const device = await givenCms(harness, account);
    await device.activate([first]);
    harness.clock.set('2028-01-01T00:00:00Z');
    expect((await device.activate([second])).json()).toMatchObject({
      activations: [{ expiresAt: '2029-01-01T00:00:00.000Z' }],
    });
    harness.clock.set('2026-03-01T12:00:00Z');
  });

  test('activated together, the renewal starts after the license it renews, in whatever order they are named', async () => {
    const account = await givenAccount(harness, [YEAR]);
    const [first = ''] = account.licenseIds;
    const second = await givenLicense(harness, account, { ...YEAR, renews: first as never });
    const answer = await (await givenCms(harness, account)).activate([second, first]);
    expect(answer.json()).toMatchObject({
      activations: [{ expiresAt: '2028-03-01T12:00:00.000Z' }, { expiresAt: '2027-03-01T12:00:00.000Z' }],
    });
  });

  test('a license whose predecessor was never activated starts at once', async () => {
    const account = await givenAccount(harness, [YEAR]);
    const [first = ''] = account.licenseIds;
    const second = await givenLicense(harness, account, { ...YEAR, renews: first as never });
    const device = await givenCms(harness, account);
    expect((await device.activate([second])).json()).toMatchObject({
      activations: [{ expiresAt: '2027-03-01T12:00:00.000Z' }],
    });
  });

  test('terms of any length are dated', async () => {
    const account = await givenAccount(harness, [{ ...YEAR, termYears: 25 }]);
    const device = await givenCms(harness, account);
    expect((await device.activate(account.licenseIds)).json()).toMatchObject({
      activations: [{ expiresAt: '2051-03-01T12:00:00.000Z' }],
    });
  });
});

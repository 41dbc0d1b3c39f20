import { randomUUID } from 'node:crypto';
import type { EventPayloads } from '@smartserver/contracts';
import { RetryLater } from '@smartserver/service-kit';
import { expectProblem, makeEvent } from '@smartserver/testing';
import { givenAccount, givenCms, givenLicense } from '../../test/given.ts';
import { type Harness, startHarness } from '../../test/harness.ts';

/* Holds: license asks for a license that might be active; either side can crash, and messages come twice, late or in any order. */

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness();
});
afterAll(() => harness.close());

const request = (holdId: string, licenseId: string, licenseVersion = 1) =>
  harness.take(makeEvent('hold.requested.1', { holdId, licenseId: licenseId, licenseVersion }));
const release = (holdId: string, licenseId: string) =>
  harness.take(makeEvent('hold.released.1', { holdId, licenseId: licenseId }));
const answers = async (holdId: string): Promise<EventPayloads['hold.resolved.1'][]> =>
  (await harness.events('hold.resolved.1')).map((event) => event.data).filter((data) => data.holdId === holdId);
const isHeld = async (licenseId: string) => {
  const row = await harness.database.kysely
    .selectFrom('licenses')
    .select('hold_id')
    .where('license_id', '=', licenseId)
    .executeTakeFirstOrThrow();
  return row.hold_id !== null;
};

const givenFree = async () => {
  const account = await givenAccount(harness, [{}]);
  const device = await givenCms(harness, account);
  const [licenseId = ''] = account.licenseIds;
  return { account, device, licenseId, holdId: randomUUID() };
};

test('a license that is on no controller is let go, and cannot be activated from then on', async () => {
  const { device, licenseId, holdId } = await givenFree();
  await request(holdId, licenseId);
  expect(await answers(holdId)).toEqual([
    { holdId, licenseId, granted: true, refusal: null, activationVersion: 0, firstActivatedAt: null, startsAt: null },
  ]);
  expectProblem(await device.activate([licenseId]), 409, 'license_not_available');
  expect((await device.available()).json()).toMatchObject({ items: [] });
});

test('a license that is on a controller is refused, and remains there', async () => {
  const { device, licenseId, holdId } = await givenFree();
  await device.activate([licenseId]);
  await request(holdId, licenseId);
  const firstActivatedAt = harness.clock.now().toISOString();
  expect(await answers(holdId)).toEqual([
    expect.objectContaining({ granted: false, refusal: 'license_in_use', activationVersion: 1, firstActivatedAt }),
  ]);
  expect(await isHeld(licenseId)).toBe(false);
});

test('the grant of a license that was active before says how often it has moved, and since when its term runs', async () => {
  const { device, licenseId, holdId } = await givenFree();
  const firstActivatedAt = harness.clock.now().toISOString();
  await device.activate([licenseId]);
  harness.clock.advance(1_000);
  await device.giveBack({ all: true });
  await request(holdId, licenseId);
  expect(await answers(holdId)).toEqual([
    expect.objectContaining({ granted: true, activationVersion: 2, firstActivatedAt }),
  ]);
});

test('a request that comes again gets the same answer, also when the license has been activated since', async () => {
  const { device, licenseId, holdId } = await givenFree();
  await device.activate([licenseId]);
  await request(holdId, licenseId);
  await device.giveBack({ all: true });
  await request(holdId, licenseId);
  expect((await answers(holdId)).map((answer) => answer.granted)).toEqual([false, false]);
  expect(await isHeld(licenseId)).toBe(false);

  const granted = randomUUID();
  await request(granted, licenseId);
  await request(granted, licenseId);
  expect((await answers(granted)).map((answer) => answer.granted)).toEqual([true, true]);
});

test('a request for a version that is not known yet waits for it', async () => {
  const { account, licenseId, holdId } = await givenFree();
  await expect(request(holdId, licenseId, 2)).rejects.toThrow(RetryLater);
  await expect(request(holdId, randomUUID(), 1)).rejects.toThrow(RetryLater);
  expect(await answers(holdId)).toEqual([]);
  await harness.licenseChanged({ ...account, licenseId, version: 2 });
  await request(holdId, licenseId, 2);
  expect(await answers(holdId)).toHaveLength(1);
});

test('the license’s next version ends the hold; the version it was asked for does not', async () => {
  const { account, device, licenseId, holdId } = await givenFree();
  await request(holdId, licenseId, 1);
  await harness.licenseChanged({ ...account, licenseId, version: 1 });
  expect(await isHeld(licenseId)).toBe(true);
  await harness.licenseChanged({ ...account, licenseId, deviceCount: 100, version: 2 });
  expect(await isHeld(licenseId)).toBe(false);
  expect((await device.activate([licenseId])).statusCode).toBe(201);
});

test('an edit that was made before the hold was asked for, but came first, does not end it', async () => {
  const { account, licenseId, holdId } = await givenFree();
  await harness.licenseChanged({ ...account, licenseId, note: 'edited', version: 2 });
  await request(holdId, licenseId, 1);
  expect(await isHeld(licenseId)).toBe(true);
  await harness.licenseChanged({ ...account, licenseId, version: 3 });
  expect(await isHeld(licenseId)).toBe(false);
});

test('a take-back that completes takes the license out of the account', async () => {
  const { account, device, licenseId, holdId } = await givenFree();
  await request(holdId, licenseId);
  await harness.licenseChanged({ ...account, licenseId, customerId: null, owner: 'inventory', version: 2 });
  expectProblem(await device.activate([licenseId]), 404, 'license_not_found');
});

test('a release gives the license out again; that of another hold does not', async () => {
  const { device, licenseId, holdId } = await givenFree();
  await request(holdId, licenseId);
  await release(randomUUID(), licenseId);
  expect(await isHeld(licenseId)).toBe(true);
  await release(holdId, licenseId);
  await release(holdId, licenseId);
  expect((await device.activate([licenseId])).statusCode).toBe(201);
});

test('a hold that was released before its request came holds nothing', async () => {
  const { device, licenseId, holdId } = await givenFree();
  await release(holdId, licenseId);
  await request(holdId, licenseId);
  expect((await answers(holdId)).map((answer) => answer.granted)).toEqual([false]);
  expect((await device.activate([licenseId])).statusCode).toBe(201);
});

test('the database itself refuses a license that is both held and on a controller', async () => {
  const { device, licenseId } = await givenFree();
  await device.activate([licenseId]);
  const both = harness.database.kysely
    .updateTable('licenses')
    .set({ hold_id: randomUUID() })
    .where('license_id', '=', licenseId);
  await expect(both.execute()).rejects.toThrow('licenses_held_or_installed');
});

test('parts of a split keep the term that had begun', async () => {
  const account = await givenAccount(harness);
  const part = await givenLicense(harness, account, {
    kind: 'maintenance',
    termYears: 3,
    firstActivatedAt: '2024-02-29T10:00:00.000Z',
  });
  const device = await givenCms(harness, account);
  expect((await device.available()).json()).toMatchObject({
    items: [{ licenseId: part, expiresAt: '2027-02-28T10:00:00.000Z' }],
  });
  expect((await device.activate([part])).json()).toMatchObject({
    activations: [{ expiresAt: '2027-02-28T10:00:00.000Z' }],
  });
});

import type { Actor, UpgradeCheck } from '@smartserver/contracts';
import { actors, expectProblem } from '@smartserver/testing';
import { type Harness, startHarness } from '../../test/harness.ts';
import { givenMaintained, givenYear, NOW, release } from '../../test/maintenance-given.ts';

/* Whether a controller may install a release (rule 9). The rules decide and are tested on their own: here, what they are asked. */

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness();
});
beforeEach(async () => {
  harness.clock.set(NOW);
  await harness.database.kysely.deleteFrom('releases').execute();
});
afterAll(() => harness.close());

const ask = (actor: Actor, installCode: string, toVersion = '4.5', fromVersion = '4.40.012', headers = {}) =>
  harness.post(actor, '/v1/upgrade-checks', { installCode, fromVersion, toVersion }, headers);
const check = async ({ cms, installCode }: { cms: Actor; installCode: string }, to?: string, from?: string) =>
  (await ask(cms, installCode, to, from)).json<UpgradeCheck>();

test('an upgrade of a covered controller is allowed', async () => {
  const { device } = await givenMaintained(harness);
  const answer = await ask(device.cms, device.installCode.toLowerCase(), ' 4.5 ');
  expect(answer.statusCode).toBe(200);
  expect(answer.json()).toEqual({
    installCode: device.installCode,
    fromVersion: '4.40.012',
    toVersion: '4.5',
    checkedAt: NOW,
    allowed: true,
    reason: 'covered',
    expiredAt: null,
    missingDevices: null,
  });
});

test('a refusal is an answer, with its reason, since when and by how many devices', async () => {
  const none = await givenMaintained(harness, { maintenance: [] });
  const little = await givenMaintained(harness, { maintenance: [800] });
  expect(await check(none.device)).toMatchObject({ allowed: false, reason: 'no_maintenance' });
  expect(await check(little.device)).toMatchObject({
    allowed: false,
    reason: 'maintenance_insufficient',
    missingDevices: 200,
  });
  harness.clock.set('2027-03-01T12:00:00Z');
  expect(await check(little.device)).toMatchObject({
    allowed: false,
    reason: 'maintenance_expired',
    expiredAt: '2027-03-01T12:00:00.000Z',
  });
});

test('an update, an older version and one from before licenses need no maintenance', async () => {
  const { device } = await givenMaintained(harness, { maintenance: [] });
  expect(await check(device, '4.4 Update 1')).toMatchObject({ allowed: true, reason: 'update' });
  expect(await check(device, '4.3')).toMatchObject({ allowed: true, reason: 'same_or_older' });
  expect(await check(device, '3.2', '3.1')).toMatchObject({ allowed: true, reason: 'license_free' });
});

test('maintenance counts at the time of the check: not once it is suspended, nor before it starts', async () => {
  const { account, device, maintenanceIds } = await givenMaintained(harness);
  const [first = ''] = maintenanceIds;
  const second = await givenYear(harness, account, { deviceCount: 1000, renews: first as never });
  await device.activate([second]);
  const event = { ...account, licenseId: first, kind: 'maintenance', termYears: 1, deviceCount: 1000 } as const;
  await harness.licenseChanged({ ...event, standing: 'suspended', version: 2 });
  expect(await check(device)).toMatchObject({ allowed: false, reason: 'no_maintenance' });
  harness.clock.set('2027-03-01T12:00:00Z');
  expect(await check(device)).toMatchObject({ allowed: true, reason: 'covered' });
});

describe('a platform release of the catalogue', () => {
  test('is not covered, nor are its builds', async () => {
    const { device } = await givenMaintained(harness);
    await harness.take(release({ softwareVersion: '4.6' }));
    for (const to of ['4.6', '4.60.001']) {
      expect(await check(device, to)).toMatchObject({ allowed: false, reason: 'not_covered' });
    }
    expect(await check(device, '4.7')).toMatchObject({ allowed: true, reason: 'covered' });
  });

  test('may be a single build, or be none of the release that it is a build of', async () => {
    const { device } = await givenMaintained(harness);
    const minor = '01957f6e-2c1a-7a3e-9b58-000000000001';
    await harness.take(release({ softwareVersion: '4.60.002' }));
    await harness.take(release({ releaseId: minor, softwareVersion: '4.6', releaseClass: 'minor' }));
    expect(await check(device, '4.60.2')).toMatchObject({ reason: 'not_covered' });
    expect(await check(device, '4.60.001')).toMatchObject({ reason: 'covered' });
    expect(await check(device, '4.6')).toMatchObject({ reason: 'covered' });
  });

  test('is one by its newest event, in whatever order they come; one that is withdrawn is none', async () => {
    const { device } = await givenMaintained(harness);
    await harness.take(release({ version: 2, releaseClass: 'platform' }));
    await harness.take(release({ version: 1, releaseClass: 'minor' }));
    expect(await check(device, '4.6')).toMatchObject({ reason: 'not_covered' });
    await harness.take(release({ version: 3, withdrawn: true }));
    await harness.take(release({ version: 2 }));
    expect(await check(device, '4.6')).toMatchObject({ reason: 'covered' });
  });
});

test('what is no version is refused, by its place, with how one looks', async () => {
  const { device } = await givenMaintained(harness);
  const problem = expectProblem(await ask(device.cms, device.installCode, 'newest', '4.40'), 400, 'validation_failed');
  expect(problem.errors?.map((item) => item.pointer)).toEqual(['/fromVersion', '/toVersion']);
  expect(problem.errors?.[0]?.detail).toContain('4.40.012');
});

test('asked again under one Idempotency-Key the answer is that of then; without one it is that of now', async () => {
  const { device } = await givenMaintained(harness);
  const headers = { 'idempotency-key': 'check-1' };
  const first = await ask(device.cms, device.installCode, '4.5', '4.4', headers);
  harness.clock.set('2027-03-01T12:00:00Z');
  const again = await ask(device.cms, device.installCode, '4.5', '4.4', headers);
  expect([again.statusCode, again.body]).toEqual([200, first.body]);
  expect(await check(device)).toMatchObject({ reason: 'maintenance_expired' });
  const other = await ask(device.cms, device.installCode, '4.6', '4.4', headers);
  expectProblem(other, 422, 'idempotency_key_reused');
});

test('to an actor that may not see the controller there is none', async () => {
  const { account, device } = await givenMaintained(harness);
  const other = await givenMaintained(harness);
  for (const reader of [actors.staff(), actors.partnerUser(account.partnerId, 'viewer')]) {
    expect((await ask(reader, device.installCode)).json()).toMatchObject({ allowed: true });
  }
  const strangers = [other.device.cms, actors.partnerUser(other.account.partnerId), actors.apiClient()];
  for (const stranger of strangers) {
    expectProblem(await ask(stranger, device.installCode), 404, 'controller_not_found');
  }
  expectProblem(await ask(actors.customer(), device.installCode), 403, 'scope_missing');
});

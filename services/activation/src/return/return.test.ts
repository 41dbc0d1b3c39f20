import { randomUUID } from 'node:crypto';
import type { ReturnsResult } from '@smartserver/contracts';
import { addYears } from '@smartserver/rules';
import { expectProblem } from '@smartserver/testing';
import { givenAccount, givenCms, licensesIn, openActivations } from '../../test/given.ts';
import { type Harness, keyOf, startHarness } from '../../test/harness.ts';

/* Returns: all of the licenses, or none; a device that retries gets the same answer. */

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness();
});
afterAll(() => harness.close());

const MAINTENANCE = { kind: 'maintenance', deviceCount: 1000, termYears: 1 } as const;

const givenActive = async (licenses: Parameters<typeof givenAccount>[1] = [{}, {}]) => {
  const account = await givenAccount(harness, licenses);
  const device = await givenCms(harness, account);
  const answer = await device.activate(account.licenseIds);
  if (answer.statusCode !== 201) throw new Error(answer.body);
  const [one = '', two = ''] = account.licenseIds;
  return { account, device, one, two };
};

test('a returned license leaves the document, and can be activated on another controller', async () => {
  const { account, device, one, two } = await givenActive();
  const answer = await device.giveBack({ licenseIds: [one] });
  expect(answer.statusCode).toBe(200);
  expect(answer.json<ReturnsResult>()).toMatchObject({ returned: [one], document: { serial: 2 } });
  expect(licensesIn(harness, answer)).toEqual([two]);
  expect((await device.document()).json()).toEqual(answer.json<ReturnsResult>().document);
  const other = await givenCms(harness, account);
  expect((await other.activate([one])).statusCode).toBe(201);
});

test('all: true returns everything that is on the controller', async () => {
  const { account, device } = await givenActive();
  const answer = await device.giveBack({ all: true });
  expect(answer.json<ReturnsResult>().returned.sort()).toEqual([...account.licenseIds].sort());
  expect(licensesIn(harness, answer)).toEqual([]);
  expect(await openActivations(harness, account.licenseIds)).toEqual([]);
  const again = await device.giveBack({ all: true });
  expect(again.json()).toMatchObject({ returned: [], document: { serial: 2 } });
});

test('the return is published, with the activation it ends', async () => {
  const { account, device, one } = await givenActive([MAINTENANCE]);
  harness.clock.advance(1_000);
  await device.giveBack({ licenseIds: [one] });
  const [recorded, ...more] = (await harness.events('licenses.returned.1')).filter(
    (e) => e.data.installCode === device.installCode,
  );
  expect(more).toEqual([]);
  expect(recorded?.data).toEqual({
    installCode: device.installCode,
    segmentName: 'Building 1',
    partnerId: account.partnerId,
    customerId: account.customerId,
    customerVersion: 1,
    licenses: [
      {
        licenseId: one,
        kind: 'maintenance',
        deviceCount: 1000,
        activationId: expect.any(String),
        activatedAt: new Date(harness.clock.now().getTime() - 1_000).toISOString(),
        startsAt: '2026-03-01T12:00:00.000Z',
        expiresAt: expect.stringMatching(/^2027-03-01/),
        activationVersion: 2,
      },
    ],
  });
  const changed = (await harness.events('controller.changed.1')).filter(
    (e) => e.data.installCode === device.installCode,
  );
  expect(changed.map((event) => [event.data.version, event.data.licenseCount])).toEqual([
    [1, 0],
    [2, 1],
    [3, 0],
  ]);
});

test('a device that retries its return gets the same answer, and nothing changes', async () => {
  const { device, one } = await givenActive();
  const first = await device.giveBack({ licenseIds: [one] });
  const recorded = (await harness.events('licenses.returned.1')).length;
  harness.clock.advance(60_000);
  const second = await device.giveBack({ licenseIds: [one] });
  expect([second.statusCode, second.body]).toEqual([200, first.body]);
  expect((await harness.events('licenses.returned.1')).length).toBe(recorded);
});

test('a license that never was on the controller, or is on another one since, cannot be returned from it', async () => {
  const { account, device, one, two } = await givenActive();
  const other = await givenCms(harness, account);
  const problem = expectProblem(
    await other.giveBack({ licenseIds: [one, randomUUID()] }),
    409,
    'license_not_on_controller',
  );
  expect(problem.errors?.map(({ pointer }) => pointer)).toEqual(['/licenseIds/0', '/licenseIds/1']);
  await device.giveBack({ licenseIds: [one] });
  await other.activate([one]);
  expectProblem(await device.giveBack({ licenseIds: [two, one] }), 409, 'license_not_on_controller');
  expect((await openActivations(harness, [one, two])).length).toBe(2);
});

test('a suspended license may be returned', async () => {
  const { account, device, one } = await givenActive();
  await harness.licenseChanged({ ...account, licenseId: one, standing: 'suspended', version: 2 });
  const answer = await device.giveBack({ licenseIds: [one] });
  expect([answer.statusCode, answer.json<ReturnsResult>().returned]).toEqual([200, [one]]);
});

test('licenseIds or all: true, not both and not neither', async () => {
  const { device, one } = await givenActive();
  for (const body of [{}, { all: false }, { licenseIds: [one], all: true }, { licenseIds: [] }, { all: 'yes' }]) {
    expectProblem(await device.giveBack(body), 400, 'validation_failed');
  }
  const problem = expectProblem(await device.giveBack({}), 400, 'validation_failed');
  expect(problem.errors?.[0]?.pointer).toBe('/licenseIds');
});

test('an Idempotency-Key gives the same bytes, also after the license has been activated again; another body is refused', async () => {
  const { device, one, two } = await givenActive();
  const key = { 'idempotency-key': randomUUID() };
  const first = await device.giveBack({ licenseIds: [one] }, key);
  await device.activate([one]);
  const second = await device.giveBack({ licenseIds: [one] }, key);
  expect([second.statusCode, second.body]).toEqual([200, first.body]);
  expect((await openActivations(harness, [one])).length).toBe(1);
  expectProblem(await device.giveBack({ licenseIds: [two] }, key), 422, 'idempotency_key_reused');
});

test('who cannot prove the key of a controller with licenses takes nothing from it', async () => {
  const { account, device, one } = await givenActive();
  const thief = await givenCms(harness, account, {
    installCode: device.installCode,
    deviceKey: keyOf('thief'),
    linked: false,
  });
  expectProblem(await thief.giveBack({ licenseIds: [one] }), 403, 'device_proof_invalid');
  const stranger = await givenCms(harness, await givenAccount(harness), {
    installCode: device.installCode,
    linked: false,
  });
  expectProblem(await stranger.giveBack({ all: true }), 409, 'controller_in_use');
  expect((await openActivations(harness, [one])).length).toBe(1);
});

test('a controller that is new, or empty and linked to others, has nothing to return', async () => {
  const account = await givenAccount(harness);
  const fresh = await givenCms(harness, account, { linked: false });
  expectProblem(await fresh.giveBack({ all: true }), 404, 'controller_not_found');
  await givenCms(harness, await givenAccount(harness), { installCode: fresh.installCode, deviceKey: keyOf('other') });
  expectProblem(await fresh.giveBack({ all: true }), 404, 'controller_not_found');
});

test('a term is not restarted by a return and a new activation', async () => {
  const { device, one } = await givenActive([MAINTENANCE]);
  const expiresAt = addYears(harness.clock.now(), 1).toISOString();
  await device.giveBack({ licenseIds: [one] });
  harness.clock.advance(40 * 86_400_000);
  expect((await device.available()).json()).toMatchObject({
    items: [{ licenseId: one, expiresAt }],
  });
  expect((await device.activate([one])).json()).toMatchObject({
    activations: [{ expiresAt }],
  });
});

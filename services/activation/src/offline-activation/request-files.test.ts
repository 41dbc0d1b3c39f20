import type { Controller } from '@smartserver/contracts';
import { actors, expectProblem } from '@smartserver/testing';
import { givenAccount, givenCms, givenLicense, openActivations } from '../../test/given.ts';
import { type Harness, startHarness } from '../../test/harness.ts';
import { activated, type Box, customerOf, fileOf, givenBox, offline, returnedBy } from '../../test/offline-given.ts';

/* Request files: signed by the device, which enrols its key and lets it be heard from offline. */

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness({ instances: 2 });
});
afterAll(() => harness.close());

const given = async (licenses: Parameters<typeof givenAccount>[1] = [{}]) => {
  const account = await givenAccount(harness, licenses);
  const [licenseId = '', other = ''] = account.licenseIds;
  return { account, licenseId, other, customer: offline(harness, customerOf(account)), box: givenBox() };
};
const controllerOf = async ({ installCode }: Box) =>
  (await harness.get(actors.staff(), `/v1/controllers/${installCode}`)).json<Controller>();
const keyOn = async ({ installCode }: Box) =>
  (
    await harness.database.kysely
      .selectFrom('controllers')
      .select('device_key')
      .where('install_code', '=', installCode)
      .executeTakeFirst()
  )?.device_key;

test('a request file names the controller, describes it and enrols its key', async () => {
  const { account, licenseId, customer, box } = await given();
  const made = activated(await customer.activate({ licenseId, requestFile: box.request() }));
  expect(made).toMatchObject({ installCode: box.installCode, serial: 1 });
  expect(await controllerOf(box)).toMatchObject({
    customerId: account.customerId,
    segmentName: 'Roof',
    softwareVersion: '4.50.001',
    enrolled: true,
  });
  expect(await keyOn(box)).toBe(box.thumbprint);
  expect(box.take(harness, await fileOf(harness, made.offlineActivationId))).toEqual([licenseId]);
});

test('where the code was typed first, a request file enrols the key later, and changes neither file nor place', async () => {
  const { licenseId, customer, box } = await given();
  const first = await customer.activate({ licenseId, installCode: box.installCode });
  const file = await fileOf(harness, activated(first).offlineActivationId);
  expect(await keyOn(box)).toBeNull();
  box.take(harness, file);
  const again = await customer.activate({ licenseId, requestFile: box.request() });
  expect(again.body).toBe(first.body);
  expect(await fileOf(harness, activated(again).offlineActivationId)).toBe(file);
  expect(await keyOn(box)).toBe(box.thumbprint);
});

test('one request file may be used for several licenses', async () => {
  const { licenseId, other, customer, box } = await given([{}, {}]);
  const requestFile = box.request();
  activated(await customer.activate({ licenseId, requestFile }));
  const second = activated(await customer.activate({ licenseId: other, requestFile }));
  expect(box.take(harness, await fileOf(harness, second.offlineActivationId)).sort()).toEqual(
    [licenseId, other].sort(),
  );
});

test('the file counts more than the device, which may have counted on by itself', async () => {
  const { licenseId, other, customer, box } = await given([{}, {}]);
  box.serial = 7;
  box.removed = true;
  const made = activated(await customer.activate({ licenseId, requestFile: box.request() }));
  expect(made.serial).toBe(8);
  expect(await openActivations(harness, [licenseId])).toMatchObject([{ serial: 8 }]);
  expect(box.take(harness, await fileOf(harness, made.offlineActivationId))).toEqual([licenseId]);
  // A file that the device is past of already is issued again, once.
  box.serial = 20;
  const requestFile = box.request();
  const reissued = activated(await customer.activate({ licenseId, requestFile }));
  expect(reissued).toEqual({ ...made, serial: 21, fileName: `smartserver-${box.installCode}-21.lic` });
  expect(activated(await customer.activate({ licenseId, requestFile }))).toEqual(reissued);
  expect(activated(await customer.activate({ licenseId: other, requestFile: box.request() })).serial).toBe(22);
});

test('a license that is there online already gets a file that the device takes', async () => {
  const { account, licenseId, customer, box } = await given();
  const device = await givenCms(harness, account, { installCode: box.installCode, deviceKey: box.thumbprint });
  await device.activate([licenseId]);
  box.serial = 1;
  const made = activated(await customer.activate({ licenseId, requestFile: box.request() }));
  expect(made.serial).toBe(2);
  expect(box.take(harness, await fileOf(harness, made.offlineActivationId))).toEqual([licenseId]);
});

test('while licenses are on it, a request file that another key has signed is refused (rule 13)', async () => {
  const { licenseId, other, customer, box } = await given([{}, {}]);
  activated(await customer.activate({ licenseId, requestFile: box.request() }));
  const thief = givenBox({ installCode: box.installCode });
  for (const id of [licenseId, other]) {
    expectProblem(
      await customer.activate({ licenseId: id, requestFile: thief.request() }),
      403,
      'device_proof_invalid',
    );
  }
  expect(await keyOn(box)).toBe(box.thumbprint);
  expect(await openActivations(harness, [other])).toEqual([]);
});

test('after Customer Success has reset the key, the new one enrols with its request file', async () => {
  const { licenseId, customer, box } = await given();
  activated(await customer.activate({ licenseId, requestFile: box.request() }));
  await harness.send(actors.staff(), 'DELETE', `/v1/controllers/${box.installCode}/device-key`);
  const next = givenBox({ installCode: box.installCode });
  activated(await customer.activate({ licenseId, requestFile: next.request() }));
  expect(await keyOn(box)).toBe(next.thumbprint);
  expectProblem(await customer.activate({ licenseId, requestFile: box.request() }), 403, 'device_proof_invalid');
});

test('a request file that cannot be used is refused with its reason, and never with its content', async () => {
  const { account, licenseId, customer, box } = await given();
  const good = box.request({ segmentName: 'secret-name' });
  const stranger = await givenAccount(harness);
  for (const [requestFile, reason] of [
    [good.replace('Serial:       0', 'Serial:       5'), 'does not say what its signed block says'],
    [good.slice(0, -80), 'its end is missing'],
    [good.replace(/\n[A-Za-z0-9_-]{64}\n/, (line) => `\n${[...line.trim()].reverse().join('')}\n`), ''],
    ['secret-name', 'not a SmartServer license request file'],
    [box.request({ serial: Number.MAX_SAFE_INTEGER }), 'serial'],
    [box.request({ customerId: stranger.customerId }), 'another Customer ID'],
    [box.remove(account.customerId, [licenseId]), 'not a SmartServer license request file'],
  ] as const) {
    const answer = await customer.activate({ licenseId, requestFile });
    const problem = expectProblem(answer, 422, 'request_file_invalid');
    expect(problem.detail).toContain(reason);
    expect(answer.body).not.toContain('secret-name');
  }
  expect(await openActivations(harness, [licenseId])).toEqual([]);
  expectProblem(await harness.get(actors.staff(), `/v1/controllers/${box.installCode}`), 404, 'controller_not_found');
});

test('a request file brings a license to its controller once: after a return it is used up', async () => {
  const { account, licenseId, customer, box } = await given();
  const device = await givenCms(harness, account, { installCode: box.installCode, deviceKey: box.thumbprint });
  const [used, unused] = [box.request(), box.request()];
  activated(await customer.activate({ licenseId, requestFile: used }));
  await device.giveBack({ all: true });
  const problem = expectProblem(await customer.activate({ licenseId, requestFile: used }), 422, 'request_file_invalid');
  expect(problem.detail).toContain('used before');
  expect(await openActivations(harness, [licenseId])).toEqual([]);
  activated(await customer.activate({ licenseId, requestFile: unused }));
  // An old one that comes again finds things as they are.
  expect(activated(await customer.activate({ licenseId, requestFile: used })).returnedAt).toBeNull();
});

test('a repeated old request file does not turn back what the controller is called', async () => {
  const { licenseId, other, customer, box } = await given([{}, {}]);
  const old = box.request({ segmentName: 'Old' });
  activated(await customer.activate({ licenseId, requestFile: old }));
  activated(await customer.activate({ licenseId: other, requestFile: box.request({ segmentName: 'New' }) }));
  activated(await customer.activate({ licenseId, requestFile: old }));
  expect(await controllerOf(box)).toMatchObject({ segmentName: 'New' });
});

test('the clock of a device decides nothing: years ahead or behind, term, times and serials are the cloud’s', async () => {
  const account = await givenAccount(harness);
  const staff = offline(harness, actors.staff());
  const DAY = 86_400_000;
  const start = harness.clock.now().getTime();
  for (const days of [0, 1, -1, 30, -30, 365, -365, 3650, -3650]) {
    const licenseId = await givenLicense(harness, account, { kind: 'maintenance', deviceCount: 10, termYears: 1 });
    const box = givenBox();
    const requestFile = box.request({ createdAt: new Date(start + days * DAY) });
    const made = activated(await staff.activate({ licenseId, requestFile }));
    expect(made).toMatchObject({ serial: 1, createdAt: new Date(start).toISOString() });
    const device = await givenCms(harness, account, { installCode: box.installCode, deviceKey: box.thumbprint });
    expect((await device.onIt()).json()).toMatchObject({
      items: [{ activatedAt: new Date(start).toISOString(), expiresAt: '2027-03-01T12:00:00.000Z' }],
    });
    box.take(harness, await fileOf(harness, made.offlineActivationId));
    const receipt = box.remove(account.customerId, [licenseId], { createdAt: new Date(start - days * DAY) });
    expect((await staff.giveBack(receipt)).json()).toMatchObject({ returnedAt: new Date(start).toISOString() });
  }
});

test('a server clock that runs 5 minutes late makes no document look older, and no term longer', async () => {
  const { account, box } = await given([]);
  const staff = offline(harness, actors.staff());
  const licenseId = await givenLicense(harness, account, { kind: 'maintenance', deviceCount: 10, termYears: 1 });
  const made = activated(await staff.activate({ licenseId, requestFile: box.request() }));
  box.take(harness, await fileOf(harness, made.offlineActivationId));
  const device = await givenCms(harness, account, { installCode: box.installCode, deviceKey: box.thumbprint });
  const document = async () => harness.verify((await device.document()).json());
  const first = await document();
  harness.clock.advance(-300_000);
  returnedBy(await staff.giveBack(box.remove(account.customerId, [licenseId])));
  activated(await staff.activate({ licenseId, requestFile: box.request() }));
  const second = await document();
  harness.clock.advance(300_000);
  expect(second.issuedAt >= first.issuedAt).toBe(true);
  expect(second.serial).toBeGreaterThan(first.serial);
  expect(second.licenses[0]?.expiresAt).toBe(first.licenses[0]?.expiresAt);
  // A device that has returned an activation knows a later one by its time.
  expect(Date.parse(second.licenses[0]?.activatedAt ?? '')).toBeGreaterThan(
    Date.parse(first.licenses[0]?.activatedAt ?? ''),
  );
});

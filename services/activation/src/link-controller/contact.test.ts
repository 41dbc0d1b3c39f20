import { randomUUID } from 'node:crypto';
import type { ActivationsResult, ControllerLicensePage } from '@smartserver/contracts';
import { actors, expectProblem } from '@smartserver/testing';
import { type Account, givenAccount, givenCms, licensesIn, newInstallCode, openActivations } from '../../test/given.ts';
import { type Harness, keyOf, startHarness } from '../../test/harness.ts';
import { judgeContact, type Link } from './contact.ts';

/* Rule 13: what protects a controller is the key it enrolled with, and that while licenses are on it. */

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness({ instances: 2 });
});
afterAll(() => harness.close());

const relinked = async (installCode: string) =>
  (await harness.events('controller.relinked.1')).filter((event) => event.data.installCode === installCode);
const put = (device: Awaited<ReturnType<typeof givenCms>>, account: Account) =>
  harness.put(device.cms, device.url, { customerId: account.customerId, segmentName: 'Roof', softwareVersion: '4.5' });

test.each<[string, Link, Link, number, string]>([
  ['the same key and account', { customerId: 'a', deviceKey: 'k' }, { customerId: 'a', deviceKey: 'k' }, 0, 'known'],
  ['… with licenses', { customerId: 'a', deviceKey: 'k' }, { customerId: 'a', deviceKey: 'k' }, 1, 'known'],
  ['a first key', { customerId: 'a', deviceKey: null }, { customerId: 'a', deviceKey: 'k' }, 0, 'enrolled'],
  [
    'a key after a reset, with licenses',
    { customerId: 'a', deviceKey: null },
    { customerId: 'a', deviceKey: 'k' },
    1,
    'enrolled',
  ],
  ['another key', { customerId: 'a', deviceKey: 'k' }, { customerId: 'a', deviceKey: 'x' }, 0, 'taken_over'],
  [
    'another key, with licenses',
    { customerId: 'a', deviceKey: 'k' },
    { customerId: 'a', deviceKey: 'x' },
    1,
    'device_proof_invalid',
  ],
  ['another account', { customerId: 'a', deviceKey: 'k' }, { customerId: 'b', deviceKey: 'k' }, 0, 'taken_over'],
  [
    'another account, with licenses',
    { customerId: 'a', deviceKey: 'k' },
    { customerId: 'b', deviceKey: 'k' },
    1,
    'controller_in_use',
  ],
  [
    'both, with licenses',
    { customerId: 'a', deviceKey: 'k' },
    { customerId: 'b', deviceKey: 'x' },
    1,
    'device_proof_invalid',
  ],
  [
    'another account after a reset, with licenses',
    { customerId: 'a', deviceKey: null },
    { customerId: 'b', deviceKey: 'x' },
    1,
    'controller_in_use',
  ],
  [
    'a portal that leaves the key alone',
    { customerId: 'a', deviceKey: 'k' },
    { customerId: 'a', deviceKey: null },
    1,
    'known',
  ],
  [
    'a portal that moves it, with licenses',
    { customerId: 'a', deviceKey: 'k' },
    { customerId: 'b', deviceKey: null },
    1,
    'controller_in_use',
  ],
])('%s', (_name, current, contact, licenses, verdict) => {
  expect(judgeContact(current, contact, licenses)).toBe(verdict);
});

test('an activation is a first contact, too: the controller is made, its key enrolled, the license activated, in one', async () => {
  const account = await givenAccount(harness, [{}]);
  const device = await givenCms(harness, account, { linked: false });
  expect((await device.activate(account.licenseIds)).statusCode).toBe(201);
  expect((await harness.get(device.cms, device.url)).json()).toMatchObject({
    enrolled: true,
    licenseCount: 1,
    serial: 1,
  });
  expect(await relinked(device.installCode)).toEqual([]);
});

test('a first contact whose activation is refused leaves no controller behind', async () => {
  const device = await givenCms(harness, await givenAccount(harness), { linked: false });
  expectProblem(await device.activate([randomUUID()]), 404, 'license_not_found');
  expectProblem(await harness.get(device.cms, device.url), 404, 'controller_not_found');
  expect((await harness.events('controller.changed.1')).some((e) => e.data.installCode === device.installCode)).toBe(
    false,
  );
});

test('with no license on it another key takes a controller over, and the account is notified', async () => {
  const account = await givenAccount(harness, [{}]);
  const device = await givenCms(harness, account);
  const next = await givenCms(harness, account, { installCode: device.installCode, deviceKey: keyOf('new board') });
  expect((await relinked(device.installCode)).map((event) => event.data)).toEqual([
    {
      installCode: device.installCode,
      customerIds: [account.customerId],
      customerVersions: { [account.customerId]: 1 },
      at: harness.clock.now().toISOString(),
    },
  ]);
  expect((await next.activate(account.licenseIds)).statusCode).toBe(201);
  expectProblem(await harness.get(device.cms, device.url), 404, 'controller_not_found');
  expectProblem(await device.activate(account.licenseIds), 403, 'device_proof_invalid');
});

test('with no license on it another account takes a controller over by activating; both are notified, and the document names the new one', async () => {
  const [before, after] = [await givenAccount(harness), await givenAccount(harness, [{}])];
  const device = await givenCms(harness, before);
  const next = await givenCms(harness, after, { installCode: device.installCode, linked: false });
  const answer = await next.activate(after.licenseIds);
  expect(answer.statusCode).toBe(201);
  expect(harness.verify(answer.json<ActivationsResult>().document)).toMatchObject({
    customerId: after.customerId,
    serial: 2,
  });
  const [{ data }] = (await relinked(device.installCode)) as [Awaited<ReturnType<typeof relinked>>[number]];
  expect(data.customerIds).toEqual([before.customerId, after.customerId]);
  expect(data.customerVersions).toEqual({ [before.customerId]: 1, [after.customerId]: 1 });
  expectProblem(await device.document(), 404, 'controller_not_found');
});

test('with licenses on it neither another key nor another account gets in, by any way', async () => {
  const account = await givenAccount(harness, [{}, {}]);
  const device = await givenCms(harness, account);
  const [one = '', two = ''] = account.licenseIds;
  await device.activate([one]);
  const thief = await givenCms(harness, account, {
    installCode: device.installCode,
    deviceKey: keyOf('thief'),
    linked: false,
  });
  const other = await givenAccount(harness, [{}]);
  const mover = await givenCms(harness, other, { installCode: device.installCode, linked: false });
  expectProblem(await thief.activate([two]), 403, 'device_proof_invalid');
  expectProblem(await put(thief, account), 403, 'device_proof_invalid');
  expectProblem(await mover.activate(other.licenseIds), 409, 'controller_in_use');
  expectProblem(await put(mover, other), 409, 'controller_in_use');
  for (const intruder of [thief, mover]) {
    for (const answer of [
      await intruder.document(),
      await intruder.onIt(),
      await intruder.available(),
      await harness.get(intruder.cms, intruder.url),
    ]) {
      expectProblem(answer, 404, 'controller_not_found');
    }
  }
  expect(await relinked(device.installCode)).toEqual([]);
  expect((await openActivations(harness, [one, two])).length).toBe(1);
});

test('Customer Success resets a lost key: the next one of the account enrols, and the licenses remain', async () => {
  const account = await givenAccount(harness, [{}, {}]);
  const device = await givenCms(harness, account);
  const [one = '', two = ''] = account.licenseIds;
  await device.activate([one]);
  const reset = () => harness.send(actors.staff(), 'DELETE', `${device.url}/device-key`);
  expect((await reset()).statusCode).toBe(204);
  expect((await reset()).statusCode).toBe(204);
  const stranger = await givenAccount(harness, [{}]);
  const mover = await givenCms(harness, stranger, {
    installCode: device.installCode,
    deviceKey: keyOf('mover'),
    linked: false,
  });
  expectProblem(await mover.activate(stranger.licenseIds), 409, 'controller_in_use');
  const next = await givenCms(harness, account, {
    installCode: device.installCode,
    deviceKey: keyOf('next'),
    linked: false,
  });
  const answer = await next.activate([two]);
  expect(licensesIn(harness, answer).sort()).toEqual([one, two].sort());
  expectProblem(await device.activate([one]), 403, 'device_proof_invalid');
  expect(await relinked(device.installCode)).toEqual([]);
});

test('after a reset a return enrols the new key as well', async () => {
  const account = await givenAccount(harness, [{}]);
  const device = await givenCms(harness, account);
  await device.activate(account.licenseIds);
  await harness.send(actors.staff(), 'DELETE', `${device.url}/device-key`);
  const next = await givenCms(harness, account, {
    installCode: device.installCode,
    deviceKey: keyOf('next'),
    linked: false,
  });
  expect((await next.giveBack({ all: true })).statusCode).toBe(200);
  expect((await harness.get(next.cms, next.url)).json()).toMatchObject({ enrolled: true, licenseCount: 0 });
});

test('only Customer Success resets keys', async () => {
  const account = await givenAccount(harness);
  const device = await givenCms(harness, account);
  for (const actor of [actors.partnerUser(account.partnerId), actors.apiClient(account.partnerId), device.cms]) {
    expectProblem(await harness.send(actor, 'DELETE', `${device.url}/device-key`), 403, 'scope_missing');
  }
  const nowhere = `/v1/controllers/${newInstallCode()}/device-key`;
  expectProblem(await harness.send(actors.staff(), 'DELETE', nowhere), 404, 'controller_not_found');
});

test('a partner moves an empty controller between its customers, and one with licenses not', async () => {
  const first = await givenAccount(harness, [{}]);
  const second = { ...(await givenAccount(harness)), partnerId: first.partnerId };
  await harness.database.kysely
    .updateTable('customers')
    .set({ partner_id: first.partnerId })
    .where('customer_id', '=', second.customerId)
    .execute();
  const device = await givenCms(harness, first);
  const partner = actors.partnerUser(first.partnerId);
  const move = (to: Account) =>
    harness.put(partner, device.url, { customerId: to.customerId, segmentName: 'Roof', softwareVersion: '4.5' });
  expect((await move(second)).json()).toMatchObject({ customerId: second.customerId, enrolled: true, serial: 1 });
  expect((await relinked(device.installCode)).length).toBe(1);
  expect((await move(first)).statusCode).toBe(200);
  await device.activate(first.licenseIds);
  expectProblem(await move(second), 409, 'controller_in_use');
});

test('of two first contacts by two keys at the same time one wins, for good', async () => {
  for (let round = 0; round < 20; round += 1) {
    const account = await givenAccount(harness, [{}, {}]);
    const installCode = newInstallCode();
    const devices = await Promise.all(
      ['one', 'two'].map((name) => givenCms(harness, account, { installCode, deviceKey: keyOf(name), linked: false })),
    );
    const answers = await Promise.all(
      devices.map((device, index) => device.activate([account.licenseIds[index] ?? ''])),
    );
    expect(answers.map((answer) => answer.statusCode).sort()).toEqual([201, 403]);
    expect((await openActivations(harness, account.licenseIds)).length).toBe(1);
    const winner = devices[answers.findIndex((answer) => answer.statusCode === 201)];
    expect((await winner?.onIt())?.json<ControllerLicensePage>().items.length).toBe(1);
  }
});

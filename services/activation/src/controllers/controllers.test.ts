import { randomUUID } from 'node:crypto';
import type { Controller, ControllerPage } from '@smartserver/contracts';
import { actors, expectProblem } from '@smartserver/testing';
import { givenAccount, givenCms, newInstallCode } from '../../test/given.ts';
import { type Harness, startHarness } from '../../test/harness.ts';

/* Controllers: registering, describing, listing, and who sees which. */

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness();
});
afterAll(() => harness.close());

const description = { segmentName: 'Building 1', softwareVersion: '4.40.012' };
const withoutInstance = (answer: { body: string }) => ({ ...JSON.parse(answer.body), instance: '' });

test('a CMS links itself: its controller is enrolled, and an event says so', async () => {
  const account = await givenAccount(harness);
  const device = await givenCms(harness, account, { linked: false });
  const answer = await harness.put(device.cms, device.url, { customerId: account.customerId, ...description });
  expect(answer.statusCode).toBe(200);
  const expected: Controller = {
    installCode: device.installCode,
    partnerId: account.partnerId,
    customerId: account.customerId,
    ...description,
    enrolled: true,
    licenseCount: 0,
    deviceCapacity: 0,
    serial: 0,
    createdAt: harness.clock.now().toISOString(),
  };
  expect(answer.json()).toEqual(expected);
  expect((await harness.get(device.cms, device.url)).json()).toEqual(expected);
  const recorded = (await harness.events('controller.changed.1')).filter(
    (e) => e.data.installCode === device.installCode,
  );
  expect(recorded.map((event) => event.data)).toEqual([
    {
      installCode: device.installCode,
      partnerId: account.partnerId,
      customerId: account.customerId,
      deviceKey: device.cms.kind === 'cms' ? device.cms.deviceKey : '',
      licenseCount: 0,
      version: 1,
    },
  ]);
});

test('repeating the link changes nothing; a new description is kept', async () => {
  const account = await givenAccount(harness);
  const device = await givenCms(harness, account);
  const before = await harness.get(device.cms, device.url);
  const same = await harness.put(device.cms, device.url, { customerId: account.customerId, ...description });
  expect(same.headers.etag).toBe(before.headers.etag);
  const body = { customerId: account.customerId, segmentName: 'Roof', softwareVersion: '4.50.001' };
  const answer = await harness.put(device.cms, device.url, body);
  expect(answer.json()).toMatchObject({ segmentName: 'Roof', softwareVersion: '4.50.001', serial: 0 });
});

test('with If-Match the edit is made only on the version that was read', async () => {
  const account = await givenAccount(harness);
  const device = await givenCms(harness, account);
  const { etag } = (await harness.get(device.cms, device.url)).headers;
  const body = { customerId: account.customerId, segmentName: 'Roof', softwareVersion: '4.50.001' };
  expect((await harness.put(device.cms, device.url, body, { 'if-match': String(etag) })).statusCode).toBe(200);
  expectProblem(
    await harness.put(device.cms, device.url, { ...body, segmentName: 'Cellar' }, { 'if-match': String(etag) }),
    412,
    'precondition_failed',
  );
});

test('a CMS links itself to the account of its session, on its own controller, only', async () => {
  const account = await givenAccount(harness);
  const device = await givenCms(harness, account, { linked: false });
  const other = await givenAccount(harness);
  expectProblem(
    await harness.put(device.cms, device.url, { customerId: other.customerId, ...description }),
    404,
    'customer_not_found',
  );
  const url = `/v1/controllers/${newInstallCode()}`;
  expectProblem(
    await harness.put(device.cms, url, { customerId: account.customerId, ...description }),
    404,
    'controller_not_found',
  );
});

test('a partner registers a controller for its customer ahead of its first contact, without a key', async () => {
  const account = await givenAccount(harness);
  const partner = actors.partnerUser(account.partnerId, 'member');
  const device = await givenCms(harness, account, { linked: false });
  const answer = await harness.put(partner, device.url, { customerId: account.customerId, ...description });
  expect(answer.json()).toMatchObject({ enrolled: false, customerId: account.customerId });
  const contact = await harness.put(device.cms, device.url, { customerId: account.customerId, ...description });
  expect(contact.json()).toMatchObject({ enrolled: true });
  const relinked = (await harness.events('controller.relinked.1')).filter(
    (e) => e.data.installCode === device.installCode,
  );
  expect(relinked).toEqual([]);
});

test('a customer that was created a moment ago is waited for', async () => {
  const account = await givenAccount(harness);
  await harness.database.kysely.deleteFrom('customers').where('customer_id', '=', account.customerId).execute();
  const partner = actors.partnerUser(account.partnerId);
  harness.time.passes = async () => {
    const { customerId, partnerId } = account;
    await harness.database.kysely
      .insertInto('customers')
      .values({ customer_id: customerId, partner_id: partnerId, version: 1 })
      .execute();
  };
  const answer = await harness.put(partner, `/v1/controllers/${newInstallCode()}`, {
    customerId: account.customerId,
    ...description,
  });
  harness.time.passes = async () => undefined;
  expect(answer.statusCode).toBe(200);
});

test('a partner touches neither customers nor controllers of another: they are as unknown ones', async () => {
  const account = await givenAccount(harness);
  const device = await givenCms(harness, account);
  const mine = await givenAccount(harness);
  const me = actors.partnerUser(mine.partnerId);
  const body = { customerId: mine.customerId, ...description };
  expectProblem(await harness.put(me, device.url, body), 404, 'controller_not_found');
  const [foreign, unknown] = [
    await harness.put(me, `/v1/controllers/${newInstallCode()}`, { ...body, customerId: account.customerId }),
    await harness.put(me, `/v1/controllers/${newInstallCode()}`, { ...body, customerId: randomUUID() }),
  ];
  expectProblem(foreign, 404, 'customer_not_found');
  expect(withoutInstance(foreign)).toEqual(withoutInstance(unknown));
  for (const path of ['', '/licenses', '/available-licenses', '/license-document']) {
    const seen = await harness.get(me, `${device.url}${path}`);
    const nowhere = await harness.get(me, `/v1/controllers/${newInstallCode()}${path}`);
    expectProblem(seen, 404, 'controller_not_found');
    expect(withoutInstance(seen)).toEqual(withoutInstance(nowhere));
  }
});

test('everyone lists their own: staff all, a partner its customers’, a CMS itself; filtered by customer', async () => {
  const account = await givenAccount(harness);
  const sibling = { partnerId: account.partnerId, customerId: (await givenAccount(harness)).customerId };
  const devices = [
    await givenCms(harness, account),
    await givenCms(harness, account),
    await givenCms(harness, sibling),
  ];
  const stranger = await givenCms(harness, await givenAccount(harness));
  const codes = async (actor: Parameters<Harness['get']>[0], query = '') =>
    (await harness.get(actor, `/v1/controllers${query}`)).json<ControllerPage>().items.map((item) => item.installCode);
  const all = devices.map((device) => device.installCode);
  expect(await codes(actors.partnerUser(account.partnerId, 'viewer'))).toEqual(all);
  expect(await codes(actors.apiClient(account.partnerId), `?customerId=${account.customerId}`)).toEqual(
    all.slice(0, 2),
  );
  expect(await codes(devices[0]?.cms ?? null)).toEqual(all.slice(0, 1));
  expect(await codes(actors.partnerUser(account.partnerId), `?customerId=${randomUUID()}`)).toEqual([]);
  expect(await codes(actors.staff(), '?limit=200')).toEqual(expect.arrayContaining([...all, stranger.installCode]));
  expectProblem(await harness.get(actors.customer(), '/v1/controllers'), 403, 'scope_missing');
});

import { randomUUID } from 'node:crypto';
import type { Controller, ControllerLicense, ControllerPage } from '@smartserver/contracts';
import { actors, expectProblem } from '@smartserver/testing';
import { givenAccount, givenCms, givenLicense, type Harness, newInstallCode, startHarness } from './harness.ts';

/* Controllers: registering, describing, listing, and who sees which. */

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness();
});
afterAll(() => harness.close());

const description = { segmentName: 'Building 1', softwareVersion: '4.40.012' };
const withoutInstance = (answer: { body: string }) => ({ ...JSON.parse(answer.body), instance: '' });

test('a CMS links itself: its controller is enrolled, and told of', async () => {
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
  const told = (await harness.events('controller.changed.1')).filter((e) => e.data.installCode === device.installCode);
  expect(told.map((event) => event.data)).toEqual([
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

test('lists come in pages that miss nothing and repeat nothing', async () => {
  const account = await givenAccount(harness, [{}, {}, {}]);
  const device = await givenCms(harness, account);
  await givenCms(harness, account);
  await givenCms(harness, account);
  const partner = actors.partnerUser(account.partnerId);
  const walk = async (url: string) => {
    const seen: Record<string, unknown>[] = [];
    let cursor: string | null = null;
    do {
      const answer = await harness.get(partner, `${url}?limit=2${cursor === null ? '' : `&cursor=${cursor}`}`);
      expect(answer.statusCode).toBe(200);
      const page: { items: Record<string, unknown>[]; nextCursor: string | null } = answer.json();
      seen.push(...page.items);
      cursor = page.nextCursor;
    } while (cursor !== null);
    return seen;
  };
  expect(new Set((await walk('/v1/controllers')).map((item) => item.installCode)).size).toBe(3);
  const available = await walk(`${device.url}/available-licenses`);
  expect(available.map((item) => item.licenseId)).toEqual([...account.licenseIds].sort());
  await device.activate(account.licenseIds);
  const active = await walk(`${device.url}/licenses`);
  expect(active.map((item) => item.licenseId).sort()).toEqual([...account.licenseIds].sort());
  expectProblem(await harness.get(partner, `${device.url}/licenses?cursor=Zm9v`), 400, 'validation_failed');
});

test('the Manage Licenses table shows what is on the controller, in words, with status and note', async () => {
  const account = await givenAccount(harness, [{ deviceCount: 1000 }]);
  const maintenance = await givenLicense(harness, account, {
    kind: 'maintenance',
    deviceCount: 1,
    termYears: 1,
    note: 'Wing B',
  });
  const core = await givenLicense(harness, account, { kind: 'core', deviceCount: 50 });
  const device = await givenCms(harness, account);
  await device.activate([...account.licenseIds, maintenance, core]);
  const rows = async () => (await device.onIt()).json<{ items: ControllerLicense[] }>().items;
  const activatedAt = harness.clock.now();
  expect(await rows()).toEqual([
    expect.objectContaining({
      description: 'Device capacity, 1000 devices',
      status: 'active',
      expiresAt: null,
      note: '',
    }),
    {
      installCode: device.installCode,
      segmentName: 'Building 1',
      licenseId: maintenance,
      description: 'Maintenance, 1 device, 1 year',
      kind: 'maintenance',
      deviceCount: 1,
      status: 'active',
      activatedAt: activatedAt.toISOString(),
      expiresAt: '2027-03-01T12:00:00.000Z',
      note: 'Wing B',
    },
    expect.objectContaining({ description: 'Core, 50 devices' }),
  ]);
  const statusAfter = async (instant: string) => {
    harness.clock.set(instant);
    return (await rows()).find((row) => row.licenseId === maintenance)?.status;
  };
  expect(await statusAfter('2026-12-01T12:00:00Z')).toBe('expiring');
  expect(await statusAfter('2027-03-01T12:00:00Z')).toBe('expired');
  await harness.licenseChanged({
    ...account,
    licenseId: maintenance,
    kind: 'maintenance',
    termYears: 1,
    deviceCount: 1,
    standing: 'suspended',
    version: 2,
  });
  expect(await statusAfter('2026-03-01T12:00:00Z')).toBe('suspended');
  expect((await harness.get(device.cms, device.url)).json()).toMatchObject({ licenseCount: 3, deviceCapacity: 1000 });
});

test('available is what could be activated now, also for a controller that is not linked yet', async () => {
  const account = await givenAccount(harness, [
    { deviceCount: 200 },
    { standing: 'suspended' },
    { standing: 'revoked' },
    {},
    {},
  ]);
  const [free, , , held = '', active = ''] = account.licenseIds;
  await harness.database.kysely
    .updateTable('licenses')
    .set({ hold_id: randomUUID() })
    .where('license_id', '=', held)
    .execute();
  await (await givenCms(harness, account)).activate([active]);
  const fresh = await givenCms(harness, account, { linked: false });
  expect((await fresh.available()).json()).toEqual({
    items: [
      {
        licenseId: free,
        description: 'Device capacity, 200 devices',
        kind: 'capacity',
        deviceCount: 200,
        termYears: null,
        expiresAt: null,
      },
    ],
    nextCursor: null,
  });
  expectProblem(await harness.get(fresh.cms, fresh.url), 404, 'controller_not_found');
  expectProblem(
    await harness.get(actors.partnerUser(account.partnerId), `${fresh.url}/available-licenses`),
    404,
    'controller_not_found',
  );
  expectProblem(
    await harness.get(fresh.cms, `/v1/controllers/${newInstallCode()}/available-licenses`),
    404,
    'controller_not_found',
  );
});

import { randomUUID } from 'node:crypto';
import type { ControllerLicense } from '@smartserver/contracts';
import { actors, expectProblem } from '@smartserver/testing';
import { givenAccount, givenCms, givenLicense, newInstallCode } from '../../test/given.ts';
import { type Harness, startHarness } from '../../test/harness.ts';

/* The two lists of the Manage Licenses dialog, and paging. */

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness();
});
afterAll(() => harness.close());

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
      startsAt: '2026-03-01T12:00:00.000Z',
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
        startsAt: null,
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

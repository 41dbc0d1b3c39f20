import type { License, LicensePage, LicensePlace, LicenseStatus } from '@smartserver/contracts';
import { expectProblem } from '@smartserver/testing';
import {
  CAPACITY,
  givenCustomer,
  givenLicenses,
  givenPartner,
  givenTransferred,
  type Harness,
  MAINTENANCE,
  moveOf,
  startHarness,
  unknownId,
} from '../../test/harness.ts';

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness();
});
afterAll(() => harness.close());

/** One license in each state there is, by the status it shows. */
const givenOneOfEach = async () => {
  const { partnerId, user } = await givenPartner(harness);
  const customerId = await givenCustomer(harness, partnerId);
  const lines = [
    { ...CAPACITY, quantity: 3 },
    { ...MAINTENANCE, quantity: 3 },
  ];
  const [inventory, assigned, active, expiring, expired, suspended] = await givenLicenses(harness, partnerId, lines);
  const [revoked] = await givenLicenses(harness, partnerId, [{ kind: 'core', deviceCount: 5, quantity: 1 }]);
  if (!inventory || !assigned || !active || !expiring || !expired || !suspended || !revoked) throw new Error('too few');
  await givenTransferred(harness, [assigned, active, expiring, expired, suspended], customerId);
  const activate = (license: License, installCode: string, expiresAt: string | null) =>
    harness.take(moveOf('licenses.activated.1', license, customerId, { version: 1, installCode, expiresAt }));
  await activate(active, 'ABCDEF0011223344', null);
  await activate(expiring, 'ABCDEF0011223355', '2026-05-30T12:00:00.000Z');
  await activate(expired, 'ABCDEF0011223355', '2026-03-01T12:00:00.000Z');
  await activate(suspended, 'ABCDEF0011223355', '2029-03-01T12:00:00.000Z');
  await harness.post(harness.staff, `/v1/licenses/${suspended.licenseId}/suspend`, { reason: 'unpaid' });
  await harness.post(harness.staff, `/v1/licenses/${revoked.licenseId}/revoke`, { reason: 'refunded' });
  const byStatus: Partial<Record<LicenseStatus, License>> = {
    in_inventory: inventory,
    assigned,
    active,
    expiring,
    expired,
    suspended,
    revoked,
  };
  return { partnerId, user, customerId, byStatus };
};

const idsOf = (items: readonly (License | undefined)[]) => items.map((license) => license?.licenseId).sort();

test('each status is shown and found: standing first, then the expiry on a controller, then the place', async () => {
  const { user, byStatus } = await givenOneOfEach();
  for (const [status, license] of Object.entries(byStatus)) {
    const shown = (await harness.get(user, `/v1/licenses/${license.licenseId}`)).json<License>();
    expect(shown.status).toBe(status);
    const page = (await harness.get(user, `/v1/licenses?status=${status}`)).json<LicensePage>();
    expect(page.items).toEqual([shown]);
  }
});

test('each place is shown and found; suspension leaves a license where it is', async () => {
  const { user, byStatus } = await givenOneOfEach();
  const at: Record<LicensePlace, (License | undefined)[]> = {
    inventory: [byStatus.in_inventory, byStatus.revoked],
    customer: [byStatus.assigned],
    controller: [byStatus.active, byStatus.expiring, byStatus.expired, byStatus.suspended],
  };
  for (const [place, licenses] of Object.entries(at)) {
    const page = (await harness.get(user, `/v1/licenses?place=${place}`)).json<LicensePage>();
    expect(idsOf(page.items)).toEqual(idsOf(licenses));
    expect(new Set(page.items.map((license) => license.place))).toEqual(new Set([place]));
  }
});

test('customer, controller and kind narrow the list, and narrow it further together', async () => {
  const { user, customerId, byStatus } = await givenOneOfEach();
  const find = async (query: string) => (await harness.get(user, `/v1/licenses?${query}`)).json<LicensePage>().items;
  const { assigned, active, expiring, expired, suspended } = byStatus;
  expect(idsOf(await find(`customerId=${customerId}`))).toEqual(
    idsOf([assigned, active, expiring, expired, suspended]),
  );
  expect(idsOf(await find('installCode=abcdef0011223344'))).toEqual(idsOf([active]));
  expect(idsOf(await find('kind=maintenance'))).toEqual(idsOf([expiring, expired, suspended]));
  expect(idsOf(await find(`kind=capacity&customerId=${customerId}&place=customer`))).toEqual(idsOf([assigned]));
  expect(await find(`customerId=${unknownId()}`)).toEqual([]);
});

test('text finds the beginning of a License ID, and parts of order reference and note, with % _ and \\ as they are', async () => {
  const { partnerId, user } = await givenPartner(harness);
  const [a, b] = await givenLicenses(harness, partnerId, [{ ...CAPACITY, quantity: 2 }]);
  if (!a || !b) throw new Error('too few');
  const note = (license: License, text: string) =>
    harness.patch(user, `/v1/licenses/${license.licenseId}`, { note: text }, { 'if-match': '"1"' });
  await note(a, '50% of Building_1\\East');
  await note(b, 'Other building');
  const find = async (text: string) =>
    (await harness.get(user, `/v1/licenses?text=${encodeURIComponent(text)}`)).json<LicensePage>().items;
  expect(idsOf(await find(a.licenseId.slice(0, 13).toUpperCase()))).toEqual(idsOf([a]));
  expect(idsOf(await find('2022-0417'))).toEqual(idsOf([a, b]));
  expect(idsOf(await find('BUILDING'))).toEqual(idsOf([a, b]));
  expect(idsOf(await find('g_1'))).toEqual(idsOf([a]));
  expect(idsOf(await find('50%'))).toEqual(idsOf([a]));
  expect(idsOf(await find('1\\E'))).toEqual(idsOf([a]));
  expect(await find('5_%')).toEqual([]);
  expect(await find('%')).toHaveLength(1);
  expect(await find("'; drop table licenses; --")).toEqual([]);
});

test('paging gives each license once, newest first, also while new ones come in', async () => {
  const { partnerId, user } = await givenPartner(harness);
  const licenses = await givenLicenses(harness, partnerId, [{ ...CAPACITY, quantity: 25 }]);
  const seen: string[] = [];
  let cursor: string | null = null;
  do {
    const query: string = cursor === null ? '' : `&cursor=${cursor}`;
    const page: LicensePage = (await harness.get(user, `/v1/licenses?limit=10${query}`)).json();
    seen.push(...page.items.map((license) => license.licenseId));
    cursor = page.nextCursor;
    await givenLicenses(harness, partnerId);
  } while (cursor !== null);
  expect(seen).toEqual(licenses.map((license) => license.licenseId).reverse());
});

test('a page that ends the list has no cursor, and a made-up cursor is refused', async () => {
  const { partnerId, user } = await givenPartner(harness);
  await givenLicenses(harness, partnerId, [{ ...CAPACITY, quantity: 2 }]);
  expect((await harness.get(user, '/v1/licenses?limit=2')).json<LicensePage>().nextCursor).toBeNull();
  const madeUp = Buffer.from('no row id').toString('base64url');
  const problem = expectProblem(await harness.get(user, `/v1/licenses?cursor=${madeUp}`), 400, 'validation_failed');
  expect(problem.errors).toMatchObject([{ pointer: 'query/cursor' }]);
});

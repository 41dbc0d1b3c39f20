import { type Api, dataOf } from '@smartserver/client';
import type {
  Coverage,
  CreateOrderRequest,
  CreateReleaseRequest,
  Customer,
  License,
  UpgradeReason,
} from '@smartserver/contracts';
import { say } from './say.ts';
import type { SmartServer } from './smartserver.ts';

type Given = { staff: string; partner: string; customer: Customer; server: SmartServer; maintenance: License };

/** What a SmartServer runs, and what is to be installed. */
const UPGRADE = { fromVersion: '4.40.012', toVersion: '4.5' };
const UPGRADE_CHECK = ['upgrade-check', '--from', UPGRADE.fromVersion, '--to', UPGRADE.toVersion];

/** Maintenance: what it entitles to, and how it is renewed. The SmartServer has capacity and no maintenance yet. */
export async function maintain(api: Api, given: Given): Promise<void> {
  const { partner, server, maintenance } = given;
  await inCatalogue(api, given.staff, {
    version: UPGRADE.toVersion,
    releaseClass: 'minor',
    releasedAt: '2026-06-01T00:00:00Z',
  });
  say.step('The CMS Owner', 'asks whether the SmartServer may be upgraded.');
  await server.cms(...UPGRADE_CHECK);
  expect(await checkUpgrade(api, partner, server), 'no_maintenance');

  say.step(
    'The CMS Owner',
    'downloads the maintenance license, and asks again: now the SmartServer itself, without the cloud.',
  );
  await server.cms('download', maintenance.licenseId);
  await server.cms(...UPGRADE_CHECK, '--offline');
  say.step('The partner', 'gets the same answer, and sees what the maintenance covers.');
  expect(await checkUpgrade(api, partner, server), 'covered');
  const first = await coverageOf(api, partner, server);
  const support = await dataOf(
    api.as(partner).GET('/v1/support-eligibility', { params: { query: { customerId: given.customer.customerId } } }),
  );
  say.fact(`priority support: ${support.eligible ? `until ${support.until}` : 'none'}`);

  const renewals = await renew(api, given);
  say.step('The CMS Owner', 'downloads them early.');
  await server.waitForAvailable(renewals.map((license) => license.licenseId));
  await server.cms('download', ...renewals.map((license) => license.licenseId));
  say.step('The partner', 'sees that nothing is lost: they start when the first one ends.');
  const second = await coverageOf(api, partner, server);
  expect(second.maintenance.filter((license) => license.startsAt === first.coveredUntil).length, renewals.length);
}

/** Customer Success sells two licenses that renew the first together; the partner transfers them. */
async function renew(api: Api, { staff, partner, customer, maintenance }: Given): Promise<License[]> {
  say.step('Customer Success', 'sells two licenses that renew it together, PO-2025-0133.');
  const line = { kind: 'maintenance', termYears: 1, quantity: 1, renews: maintenance.licenseId } as const;
  const purchase: CreateOrderRequest = {
    partnerId: maintenance.partnerId,
    reference: 'PO-2025-0133',
    lines: [
      { ...line, deviceCount: 800 },
      { ...line, deviceCount: 200 },
    ],
  };
  const { licenses } = await dataOf(api.as(staff).POST('/v1/orders', { body: purchase }));
  for (const license of licenses)
    say.fact(`${license.licenseId}  ${license.deviceCount} devices, renews ${license.renews}`);
  const licenseIds = licenses.map((license) => license.licenseId);
  await dataOf(api.as(partner).POST('/v1/transfers', { body: { customerId: customer.customerId, licenseIds } }));
  return licenses;
}

/** The catalogue of releases outlives a demo. */
async function inCatalogue(api: Api, token: string, release: CreateReleaseRequest): Promise<void> {
  say.step('Customer Success', `keeps the catalogue of releases: ${release.version} is a ${release.releaseClass} one.`);
  const { items } = await dataOf(api.as(token).GET('/v1/releases', { params: { query: { limit: 200 } } }));
  if (items.some((item) => item.version === release.version)) return;
  await dataOf(api.as(token).POST('/v1/releases', { body: release }));
}

async function checkUpgrade(api: Api, token: string, { installCode }: SmartServer): Promise<UpgradeReason> {
  const check = await dataOf(api.as(token).POST('/v1/upgrade-checks', { body: { installCode, ...UPGRADE } }));
  say.fact(`${UPGRADE.fromVersion} → ${UPGRADE.toVersion}: ${check.allowed ? 'allowed' : 'refused'}, ${check.reason}`);
  return check.reason;
}

async function coverageOf(api: Api, token: string, { installCode }: SmartServer): Promise<Coverage> {
  const coverage = await dataOf(
    api.as(token).GET('/v1/controllers/{installCode}/coverage', { params: { path: { installCode } } }),
  );
  const { maintainedDevices, capacityDevices, coveredUntil } = coverage;
  say.fact(`${maintainedDevices} of ${capacityDevices} devices are covered, until ${coveredUntil}`);
  for (const { deviceCount, startsAt, expiresAt, state } of coverage.maintenance) {
    say.fact(`  ${String(deviceCount).padStart(5)} devices  ${startsAt} – ${expiresAt}  ${state}`);
  }
  return coverage;
}

function expect<T>(answer: T, expected: T): void {
  if (answer !== expected) throw new Error(`The answer should have been ${expected}, but was ${answer}.`);
}

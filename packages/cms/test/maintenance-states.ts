import type { DocumentContent } from '@smartserver/license-document';
import type { LicenseFacts } from '@smartserver/rules';

export const issuedAt = '2026-06-01T00:00:00.000Z';

/** A license as the cloud knows it, with the beginning of its term whether past or to come. */
type CloudLicense = LicenseFacts & { activatedAt: Date };

const licensed = (kind: LicenseFacts['kind'], deviceCount: number): CloudLicense => {
  return { kind, deviceCount, activatedAt: new Date('2025-02-01T00:00:00Z'), startsAt: null, expiresAt: null };
};
const capacity = (deviceCount: number) => licensed('capacity', deviceCount);

/** Activated when its term starts, or earlier: a renewal. */
const maintenance = (deviceCount: number, from: string, until: string): CloudLicense => {
  const [startsAt, expiresAt] = [new Date(`${from}T12:00:00Z`), new Date(`${until}T12:00:00Z`)];
  const activatedAt = new Date(Math.min(startsAt.getTime(), Date.parse('2026-05-20T00:00:00Z')));
  return { kind: 'maintenance', deviceCount, activatedAt, startsAt, expiresAt };
};

/** What can be on a controller whose document was issued on 1 June 2026. */
export const states: Readonly<Record<string, CloudLicense[]>> = {
  nothing: [],
  'capacity alone': [capacity(1000)],
  'core and remote CMS': [licensed('core', 50), licensed('remote_cms', 0)],
  'maintenance alone': [maintenance(200, '2026-01-01', '2027-01-01')],
  covered: [capacity(1000), maintenance(1000, '2026-01-01', '2027-01-01')],
  'covered by several': [
    capacity(1000),
    capacity(200),
    maintenance(700, '2026-01-01', '2027-01-01'),
    maintenance(500, '2026-03-01', '2029-03-01'),
  ],
  expired: [capacity(1000), maintenance(1000, '2025-03-01', '2026-03-01')],
  'expired twice': [
    capacity(1000),
    maintenance(500, '2025-03-01', '2026-03-01'),
    maintenance(500, '2025-04-01', '2026-04-01'),
  ],
  'expired in part': [
    capacity(1000),
    maintenance(400, '2025-03-01', '2026-03-01'),
    maintenance(600, '2026-01-01', '2027-01-01'),
  ],
  insufficient: [capacity(1200), maintenance(1000, '2026-01-01', '2027-01-01')],
  'insufficient by one device': [capacity(1000), maintenance(999, '2026-01-01', '2027-01-01')],
  'renewal activated early': [
    capacity(1000),
    maintenance(1000, '2025-07-01', '2026-07-01'),
    maintenance(1000, '2026-07-01', '2027-07-01'),
  ],
  'renewal activated early, for a capacity of both together': [
    capacity(2000),
    maintenance(1000, '2025-07-01', '2026-07-01'),
    maintenance(1000, '2026-07-01', '2027-07-01'),
  ],
  'partial renewals': [
    capacity(1000),
    maintenance(1000, '2025-07-01', '2026-07-01'),
    maintenance(600, '2026-07-01', '2027-07-01'),
    maintenance(400, '2026-07-01', '2029-07-01'),
  ],
  'renewal of too few devices': [
    capacity(1000),
    maintenance(1000, '2025-07-01', '2026-07-01'),
    maintenance(400, '2026-07-01', '2027-07-01'),
  ],
  'not started': [capacity(1000), maintenance(1000, '2026-07-01', '2027-07-01')],
  'expired, the renewal not started': [
    capacity(1000),
    maintenance(1000, '2025-03-01', '2026-03-01'),
    maintenance(1000, '2026-07-01', '2027-07-01'),
  ],
};

export const documentLicenses = (licenses: readonly CloudLicense[]): DocumentContent['licenses'] =>
  licenses.map(({ kind, deviceCount, activatedAt, startsAt, expiresAt }, index) => ({
    licenseId: `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`,
    kind,
    deviceCount,
    activatedAt: activatedAt.toISOString(),
    startsAt: startsAt?.toISOString() ?? null,
    expiresAt: expiresAt?.toISOString() ?? null,
  }));

/** From the time of issue on: every instant at which something changes, and its neighbours. */
export const instantsOf = (licenses: readonly CloudLicense[]): Date[] => {
  const begin = Date.parse(issuedAt);
  const changes = licenses.flatMap(({ startsAt, expiresAt }) => [startsAt, expiresAt]);
  const around = changes.flatMap((date) => (date === null ? [] : [-1, 0, 1].map((offset) => date.getTime() + offset)));
  return [...new Set([begin, ...around])].filter((time) => time >= begin).map((time) => new Date(time));
};

/** Releases, updates and builds as the vendor writes them, from before license management on. */
export const versions = [
  ...['3.2', '3.2 Update 1', '3.20.100', '3.3', '3.30.007', '3.3 Update 1', '3.31.002', '3.3 Update 2', '3.4'],
  ...['4.0', '4.00.100', '4.0 Update 1', '4.3', '4.4', '4.40.009', '4.40.012', '4.40.100', '4.41.001', '4.5', '5.0'],
];

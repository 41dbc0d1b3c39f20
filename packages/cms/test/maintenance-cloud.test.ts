import type { Coverage, UpgradeCheck } from '@smartserver/contracts';
import { type Box, Site } from './site.ts';

const site = Site.install();
type Sourced<T> = T & { source: string };

/** What the SmartServer answers itself must be what the cloud does, which is asked first. */
const agreed = async (box: Box, to: string): Promise<UpgradeCheck> => {
  const [cloud, here] = [
    await box.json<Sourced<UpgradeCheck>>('upgrade-check', '--to', to),
    await box.json<Sourced<UpgradeCheck>>('upgrade-check', '--to', to, '--offline'),
  ];
  expect([cloud.source, here.source]).toEqual(['cloud', 'license_document']);
  expect({ ...here, source: 'cloud' }).toEqual(cloud);
  return cloud;
};

const agreedCoverage = async (box: Box): Promise<Coverage> => {
  const [cloud, here] = [
    await box.json<Sourced<Coverage>>('coverage'),
    await box.json<Sourced<Coverage>>('coverage', '--offline'),
  ];
  // Of a term that had begun when it was issued, the document does not say when.
  const maintenance = cloud.maintenance.map((term, index) => {
    const isUntold = term.state !== 'not_started' && here.maintenance[index]?.startsAt === null;
    return isUntold ? { ...term, startsAt: null } : term;
  });
  expect(here).toEqual({ ...cloud, maintenance, source: 'license_document' });
  return cloud;
};

const later = (box: Box, instant: string) => {
  site.cloud.clock.set(instant);
  box.now = new Date(instant);
};

test('the cloud and the SmartServer agree: no maintenance, too little, covered, renewed early, expired', async () => {
  const begin = site.cloud.clock.now().toISOString();
  const capacity = await site.license('capacity', 1000);
  const [small, rest] = [await site.license('maintenance', 600), await site.license('maintenance', 400)];
  const renewal = await site.license('maintenance', 600, small);
  const box = await site.linkedBox(capacity, small, rest, renewal);

  expect(await agreed(box, '4.5')).toMatchObject({ allowed: false, reason: 'no_maintenance' });
  expect(await agreed(box, '4.4 Update 1')).toMatchObject({ allowed: true, reason: 'update' });

  await box.cms('download', capacity, small);
  expect(await agreed(box, '4.5')).toMatchObject({ reason: 'maintenance_insufficient', missingDevices: 400 });
  expect(await agreedCoverage(box)).toMatchObject({ covered: false, missingDevices: 400 });

  // Activated early, and not counted with the one that it renews.
  await box.cms('download', renewal);
  expect(await agreed(box, '4.5')).toMatchObject({ reason: 'maintenance_insufficient', missingDevices: 400 });

  await box.cms('download', rest);
  expect(await agreed(box, '4.5')).toMatchObject({ allowed: true, reason: 'covered' });
  const expiry = begin.replace('2026', '2029');
  expect(await agreedCoverage(box)).toMatchObject({ covered: true, coveredUntil: expiry });

  // By the document of today, years later and without another one.
  later(box, new Date(Date.parse(expiry) - 1).toISOString());
  expect(await agreed(box, '4.5')).toMatchObject({ reason: 'covered' });
  later(box, expiry);
  expect(await agreed(box, '4.5')).toMatchObject({ reason: 'maintenance_insufficient', missingDevices: 400 });
  expect(await agreedCoverage(box)).toMatchObject({ covered: false, maintainedDevices: 600 });
  later(box, expiry.replace('2029', '2032'));
  expect(await agreed(box, '5.0')).toMatchObject({ reason: 'maintenance_expired', expiredAt: box.now.toISOString() });
  site.cloud.clock.set(begin);
});

test('a version that the cloud would not understand is not sent', async () => {
  const box = await site.linkedBox();
  site.cloud.requests.length = 0;
  expect(await box.cms('upgrade-check', '--to', '4.40')).toBe(2);
  expect(site.cloud.requests).toEqual([]);
});

test('without the cloud there is no answer, unless it is asked for', async () => {
  const box = await site.linkedBox();
  box.fetch = () => Promise.reject(new TypeError('fetch failed'));
  const { problem } = await box.json<{ problem: { code: string } }>('upgrade-check', '--to', '4.5');
  expect(problem.code).toBe('cloud_unreachable');
  expect(await box.json('upgrade-check', '--to', '4.5', '--offline')).toMatchObject({ reason: 'no_maintenance' });
});

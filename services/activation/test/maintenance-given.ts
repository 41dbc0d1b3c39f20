import type { EventPayloads } from '@smartserver/contracts';
import { makeEvent } from '@smartserver/testing';
import { type Account, givenAccount, givenCms, givenLicense } from './given.ts';
import type { Harness, NewLicense } from './harness.ts';

export const NOW = '2026-03-01T12:00:00.000Z';

/** A controller with capacity and maintenance of one year, as many devices as given. */
export const givenMaintained = async (harness: Harness, { capacity = 1000, maintenance = [1000] } = {}) => {
  const account = await givenAccount(harness, capacity === 0 ? [] : [{ deviceCount: capacity }]);
  const maintenanceIds: string[] = [];
  for (const deviceCount of maintenance) maintenanceIds.push(await givenYear(harness, account, { deviceCount }));
  const device = await givenCms(harness, account);
  const licenseIds = [...account.licenseIds, ...maintenanceIds];
  if (licenseIds.length > 0) await device.activate(licenseIds);
  return { account, device, maintenanceIds };
};

export const givenYear = (harness: Harness, account: Account, license: NewLicense = {}): Promise<string> =>
  givenLicense(harness, account, { kind: 'maintenance', termYears: 1, ...license });

export const release = (fields: Partial<EventPayloads['release.changed.1']>) =>
  makeEvent('release.changed.1', {
    releaseId: '01957f6e-2c1a-7a3e-9b58-2f6f0c6b6d21',
    softwareVersion: '4.6',
    releaseClass: 'platform',
    releasedAt: NOW,
    withdrawn: false,
    version: 1,
    ...fields,
  });

import type { Coverage, SupportEligibility, UpgradeCheck } from '@smartserver/contracts';

export const coverageExample: Coverage = {
  installCode: '0302E1C2A8F40011',
  at: '2026-06-01T09:00:00.000Z',
  covered: true,
  capacityDevices: 1000,
  maintainedDevices: 1000,
  missingDevices: 0,
  coveredUntil: '2027-03-02T08:30:00.000Z',
  maintenance: [
    {
      licenseId: '5c8b6a51-0a4e-4d0c-9d0e-8a1f3a1d2b77',
      deviceCount: 1000,
      startsAt: '2026-03-02T08:30:00.000Z',
      expiresAt: '2027-03-02T08:30:00.000Z',
      state: 'active',
    },
  ],
};

export const upgradeCheckExample: UpgradeCheck = {
  installCode: '0302E1C2A8F40011',
  fromVersion: '4.40.012',
  toVersion: '4.5',
  checkedAt: '2026-06-01T09:00:00.000Z',
  allowed: false,
  reason: 'maintenance_insufficient',
  expiredAt: null,
  missingDevices: 200,
};

export const supportExample: SupportEligibility = {
  customerId: null,
  installCode: '0302E1C2A8F40011',
  eligible: true,
  until: '2027-03-02T08:30:00.000Z',
  checkedAt: '2026-06-01T09:00:00.000Z',
};

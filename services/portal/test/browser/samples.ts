import type { License, LicenseHistoryEntry, OfflineActivation } from '@smartserver/contracts';

/** Licenses in every state, for pages whose state the real system would take years or a mishap to reach. */
export const CUSTOMER_ID = '2133c667-af41-4518-94df-a2bb3b775330';
const PARTNER_ID = '9b0f6a9e-5f0b-4f5e-8f1c-0d5c2c9a7b11';
export const INSTALL_CODE = '0302E1C2A8F40011';

const license = (n: number, fields: Partial<License>): License => ({
  licenseId: `3f2504e0-4f89-41d3-9a0c-0305e82c33${String(n).padStart(2, '0')}`,
  kind: 'capacity',
  deviceCount: 200,
  termYears: null,
  renews: null,
  partnerId: PARTNER_ID,
  orderReference: 'PO-2022-0417',
  place: 'customer',
  status: 'assigned',
  customerId: CUSTOMER_ID,
  installCode: null,
  activatedAt: null,
  startsAt: null,
  expiresAt: null,
  note: '',
  createdAt: '2026-01-12T08:00:00.000Z',
  version: 1,
  ...fields,
});

const onController = {
  place: 'controller',
  installCode: INSTALL_CODE,
  activatedAt: '2026-02-03T09:41:00.000Z',
} as const;
const maintenance = { kind: 'maintenance', deviceCount: 1000, termYears: 3 } as const;

export const samples = {
  ready: license(1, { deviceCount: 1000, note: 'Building 1, second floor' }),
  offline: license(2, { ...onController, status: 'active' }),
  online: license(3, { ...onController, installCode: '0302F0B7A1C90042', status: 'active' }),
  maintenance: license(4, maintenance),
  expiring: license(5, { ...maintenance, ...onController, status: 'expiring', expiresAt: '2026-04-11T09:41:00.000Z' }),
  expired: license(6, { ...maintenance, ...onController, status: 'expired', expiresAt: '2025-12-31T09:41:00.000Z' }),
  suspended: license(7, { status: 'suspended' }),
  revoked: license(8, { status: 'revoked' }),
} satisfies Record<string, License>;

export const offlineActivation: OfflineActivation = {
  offlineActivationId: '0195f3a2-7c40-7000-8000-000000000001',
  licenseId: samples.offline.licenseId,
  customerId: CUSTOMER_ID,
  installCode: INSTALL_CODE,
  kind: 'capacity',
  deviceCount: 200,
  serial: 12,
  createdAt: '2026-02-03T09:41:00.000Z',
  returnedAt: null,
  fileName: `smartserver-${INSTALL_CODE}-12.lic`,
};

export const returnedActivation: OfflineActivation = {
  ...offlineActivation,
  offlineActivationId: '0195f3a2-7c40-7000-8000-000000000002',
  licenseId: samples.ready.licenseId,
  returnedAt: '2026-02-20T15:10:00.000Z',
};

const entry = (n: number, fields: Partial<LicenseHistoryEntry>): LicenseHistoryEntry => ({
  entryId: `0195f3a2-7c40-7000-8000-0000000001${String(n).padStart(2, '0')}`,
  event: 'purchased',
  at: '2026-01-12T08:00:00.000Z',
  actor: { kind: 'staff', id: 'x' },
  customerId: CUSTOMER_ID,
  installCode: null,
  detail: null,
  ...fields,
});

export const history: LicenseHistoryEntry[] = [
  entry(1, { event: 'transferred', at: '2026-01-12T08:30:00.000Z', actor: { kind: 'partner_user', id: 'x' } }),
  entry(2, {
    event: 'activated',
    at: '2026-02-03T09:41:00.000Z',
    actor: { kind: 'customer', id: 'x' },
    installCode: INSTALL_CODE,
  }),
];

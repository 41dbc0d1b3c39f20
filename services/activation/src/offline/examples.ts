import type { OfflineActivation } from '@smartserver/contracts';

export const offlineActivationExample: OfflineActivation = {
  offlineActivationId: '01957f6e-2c1a-7a3e-9b58-2f6f0c6b6d14',
  licenseId: 'e8b5f6a4-5d0c-4c56-8a0f-3f7f2f6f9d01',
  customerId: '2133c667-af41-4518-94df-a2bb3b775330',
  installCode: '0302E1C2A8F40011',
  kind: 'capacity',
  deviceCount: 1000,
  serial: 3,
  createdAt: '2026-03-02T08:30:00.000Z',
  returnedAt: null,
  fileName: 'smartserver-0302E1C2A8F40011-3.lic',
};

/** Shortened. */
export const licenseFileExample = `SmartServer license file, format 1

Controller:   0302E1C2A8F40011
Customer ID:  2133c667-af41-4518-94df-a2bb3b775330
Serial:       3

-----BEGIN SMARTSERVER LICENSE-----
eyJhbGciOiJFZERTQSIsInR5cCI6InNtYXJ0c2VydmVyLWxpY2Vuc2Urand0In0
-----END SMARTSERVER LICENSE-----
`;

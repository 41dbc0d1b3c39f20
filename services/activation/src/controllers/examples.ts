import type { Controller } from '@smartserver/contracts';

export const controllerExample: Controller = {
  installCode: '0302E1C2A8F40011',
  partnerId: '7b0a2c1e-3f44-4d43-8f0e-2f1f5e5f7a10',
  customerId: '2133c667-af41-4518-94df-a2bb3b775330',
  segmentName: 'Building 1',
  softwareVersion: '4.40.012',
  enrolled: true,
  licenseCount: 2,
  deviceCapacity: 1200,
  serial: 3,
  createdAt: '2026-03-02T08:00:00.000Z',
};

import type { License, LicenseChange, Order } from '@smartserver/contracts';

/** Examples of the API's answers, as the documentation shows them. */
export const licenseExample: License = {
  licenseId: '8d4c2a6e-5d0b-4f8e-9f43-2f6d7b1c9a10',
  kind: 'capacity',
  deviceCount: 1000,
  termYears: null,
  renews: null,
  partnerId: '0b5d3f57-36c7-4a3c-8f52-60d5f1a4b0c7',
  orderReference: 'PO-2022-0417',
  place: 'customer',
  status: 'assigned',
  customerId: '2133c667-af41-4518-94df-a2bb3b775330',
  installCode: null,
  activatedAt: null,
  startsAt: null,
  expiresAt: null,
  note: 'Building 1',
  createdAt: '2026-03-01T12:00:00.000Z',
  version: 2,
};

const inventoryExample: License = {
  licenseId: '8d4c2a6e-5d0b-4f8e-9f43-2f6d7b1c9a10',
  kind: 'capacity',
  deviceCount: 1000,
  termYears: null,
  renews: null,
  partnerId: '0b5d3f57-36c7-4a3c-8f52-60d5f1a4b0c7',
  orderReference: 'PO-2022-0417',
  place: 'inventory',
  status: 'in_inventory',
  customerId: null,
  installCode: null,
  activatedAt: null,
  startsAt: null,
  expiresAt: null,
  note: '',
  createdAt: '2026-03-01T12:00:00.000Z',
  version: 1,
};

export const orderExample: Order = {
  orderId: '01957f6e-2c1a-7a3e-9b58-2f6f0c6b6d11',
  partnerId: '0b5d3f57-36c7-4a3c-8f52-60d5f1a4b0c7',
  reference: 'PO-2022-0417',
  createdAt: '2026-03-01T12:00:00.000Z',
  licenses: [inventoryExample],
};

export const changeExample: LicenseChange = {
  changeId: '01957f6e-2c1a-7a3e-9b58-2f6f0c6b6d12',
  licenseId: '8d4c2a6e-5d0b-4f8e-9f43-2f6d7b1c9a10',
  kind: 'take_back',
  status: 'completed',
  refusal: null,
  licenses: [inventoryExample],
};

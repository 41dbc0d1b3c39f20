import type { Transfer } from '@smartserver/contracts';

export type TransferRow = {
  partner_id: string;
  transfer_id: string;
  customer_id: string;
  license_ids: string[];
  created_at: Date;
};

export const toTransfer = (row: TransferRow): Transfer => ({
  transferId: row.transfer_id,
  partnerId: row.partner_id,
  customerId: row.customer_id,
  licenseIds: row.license_ids,
  createdAt: row.created_at.toISOString(),
});

export const transferExample: Transfer = {
  transferId: '01957f6e-2c1a-7a3e-9b58-2f6f0c6b6d14',
  partnerId: '0b5d3f57-36c7-4a3c-8f52-60d5f1a4b0c7',
  customerId: '2133c667-af41-4518-94df-a2bb3b775330',
  licenseIds: ['8d4c2a6e-5d0b-4f8e-9f43-2f6d7b1c9a10'],
  createdAt: '2026-03-01T12:00:00.000Z',
};

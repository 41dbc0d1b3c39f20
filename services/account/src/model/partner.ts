import type { EventPayloads, Partner } from '@smartserver/contracts';
import type { Generated, Selectable } from 'kysely';
import type { Fixed } from './columns.ts';

export type PartnersTable = {
  partner_id: Fixed<string>;
  row_id: Fixed<string>;
  name: string;
  version: Generated<number>;
  created_at: Fixed<Date>;
};

export type PartnerRow = Selectable<PartnersTable>;

export const toPartner = (row: PartnerRow): Partner => ({
  partnerId: row.partner_id,
  name: row.name,
  createdAt: row.created_at.toISOString(),
  version: row.version,
});

export const partnerExample: Partner = {
  partnerId: '0b5d3f57-36c7-4a3c-8f52-60d5f1a4b0c7',
  name: 'Example Integrators Ltd',
  createdAt: '2026-03-01T12:00:00.000Z',
  version: 1,
};

export const partnerChanged = (row: PartnerRow): EventPayloads['partner.changed.1'] => ({
  partnerId: row.partner_id,
  name: row.name,
  version: row.version,
});

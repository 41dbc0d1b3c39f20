import type { ApiClient } from '@smartserver/contracts';
import type { Generated, Selectable } from 'kysely';
import type { Fixed } from './columns.ts';

export type ApiClientsTable = {
  client_id: Fixed<string>;
  partner_id: Fixed<string>;
  name: string;
  scopes: string[];
  status: 'active' | 'revoked';
  secret_version: Generated<number>;
  secret_hash: Buffer;
  secret_created_at: Date;
  created_at: Fixed<Date>;
};

export type ApiClientRow = Selectable<ApiClientsTable>;

export const toApiClient = (row: ApiClientRow): ApiClient => ({
  clientId: row.client_id,
  partnerId: row.partner_id,
  name: row.name,
  scopes: row.scopes,
  status: row.status,
  createdAt: row.created_at.toISOString(),
  secretCreatedAt: row.secret_created_at.toISOString(),
});

export const apiClientExample: ApiClient = {
  clientId: '01927f6e-2c1a-7a3e-9b58-2f6f0c6b6d11',
  partnerId: '0b5d3f57-36c7-4a3c-8f52-60d5f1a4b0c7',
  name: 'Warehouse system',
  scopes: ['licenses:read'],
  status: 'active',
  createdAt: '2026-03-01T12:00:00.000Z',
  secretCreatedAt: '2026-03-01T12:00:00.000Z',
};

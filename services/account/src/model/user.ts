import { type Actor, PARTNER_SCOPES, type PartnerRole, type PartnerUser, STAFF_SCOPES } from '@smartserver/contracts';
import type { Selectable } from 'kysely';
import type { Fixed, Optional } from './columns.ts';

export type UsersTable = {
  user_id: Fixed<string>;
  /** Null for Customer Success staff, as the role is. */
  partner_id: Fixed<string | null>;
  kind: Fixed<'staff' | 'partner_user'>;
  role: PartnerRole | null;
  email: string;
  email_key: string;
  status: 'invited' | 'active' | 'disabled';
  password_hash: Optional<string>;
  second_factor_sealed: Optional<Buffer>;
  /** Time step of the newest one-time code that was used. */
  second_factor_step: Optional<number>;
  created_at: Fixed<Date>;
};

/** A person who signs in with an e-mail address: Customer Success staff, or a user of a partner. */
export type UserRow = Selectable<UsersTable>;

/** The same address is the same user, however it is written. */
export const emailKey = (email: string): string => email.trim().toLowerCase();

export const actorOfUser = ({ user_id: id, partner_id: partnerId, role }: UserRow): Actor =>
  partnerId === null || role === null
    ? { kind: 'staff', id, scopes: STAFF_SCOPES }
    : { kind: 'partner_user', id, scopes: PARTNER_SCOPES[role], partnerId, role };

export const toPartnerUser = (row: Omit<UserRow, 'role'> & { role: PartnerRole }): PartnerUser => ({
  userId: row.user_id,
  email: row.email,
  role: row.role,
  status: row.status,
  createdAt: row.created_at.toISOString(),
});

export const partnerUserExample: PartnerUser = {
  userId: '01927f6e-2c1a-7a3e-9b58-2f6f0c6b6d11',
  email: 'integrator@example.com',
  role: 'admin',
  status: 'active',
  createdAt: '2026-03-01T12:00:00.000Z',
};

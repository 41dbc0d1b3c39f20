import { type Actor, PARTNER_SCOPES, type PartnerRole, type PartnerUser, STAFF_SCOPES } from '@smartserver/contracts';
import type { UserStatus } from '../db.ts';

/** A person who signs in with an e-mail address: Customer Success staff, or a user of a partner. */
export type User = {
  userId: string;
  email: string;
  status: UserStatus;
  passwordHash: string | null;
  secondFactor: { sealed: Buffer; lastStep: number | null } | null;
  createdAt: Date;
} & ({ kind: 'staff' } | { kind: 'partner_user'; partnerId: string; role: PartnerRole });

/** The same address is the same user, however it is written. */
export const emailKey = (email: string): string => email.trim().toLowerCase();

export const actorOfUser = (user: User): Actor =>
  user.kind === 'staff'
    ? { kind: 'staff', id: user.userId, scopes: STAFF_SCOPES }
    : {
        kind: 'partner_user',
        id: user.userId,
        scopes: PARTNER_SCOPES[user.role],
        partnerId: user.partnerId,
        role: user.role,
      };

export const toPartnerUser = (user: User, membership: { role: PartnerRole }): PartnerUser => ({
  userId: user.userId,
  email: user.email,
  role: membership.role,
  status: user.status,
  createdAt: user.createdAt.toISOString(),
});

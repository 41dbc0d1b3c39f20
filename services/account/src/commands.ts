import type { AccountConfig } from './config.ts';
import { InvitationService } from './invitations/invitation-service.ts';
import { type Rotation, rotateSigningKey } from './keys/key-ring.ts';
import { type AccountDeps, openAccount } from './wire.ts';

/** Events of a command are carried by the relay of the running service. */
const relay = { wake: () => undefined };

export type StaffInvitation = { token: string; expiresAt: string };

/**
 * Invites a member of Customer Success: how the first one gets in. Again, as long as the invitation is not accepted.
 * @returns the token for `POST /v1/auth/invitations/{token}/accept`
 * @throws ProblemError email_taken
 */
export const createStaff = async (
  config: AccountConfig,
  email: string,
  deps: AccountDeps = {},
): Promise<StaffInvitation> => {
  const base = openAccount(config, deps);
  try {
    const invitations = new InvitationService({ ...base, relay });
    const invitation = await invitations.inviteStaff(email);
    return { token: invitations.tokenOf(invitation), expiresAt: invitation.expiresAt };
  } finally {
    await base.database.close();
  }
};

/** Begins the rotation of the token keys; see `rotateSigningKey`. */
export const rotateTokenKeys = async (config: AccountConfig, deps: AccountDeps = {}): Promise<Rotation> => {
  const base = openAccount(config, deps);
  try {
    return await rotateSigningKey(base);
  } finally {
    await base.database.close();
  }
};

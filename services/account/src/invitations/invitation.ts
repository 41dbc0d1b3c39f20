import type { Secrets } from '../security/secrets.ts';

const VALID_DAYS = 7;

/** When an invitation made now expires. */
export const expiryOfInvitation = (now: Date): Date => new Date(now.getTime() + VALID_DAYS * 24 * 60 * 60 * 1000);

/** The token is derived, so that a repeated request shows it again; the database keeps its hash only. */
export const invitationTokenOf = (secrets: Secrets, userId: string, version: number): string =>
  secrets.derive('invitation', userId, version);

import type { Generated } from 'kysely';

export interface SignInEmailsTable {
  /** Id of the event that asked for it. */
  email_id: string;
  challenge_id: string;
  sealed: string;
  expires_at: Date;
  attempts: Generated<number>;
  deferrals: Generated<number>;
  next_attempt_at: Date;
}

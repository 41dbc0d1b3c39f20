import type { Generated } from 'kysely';
import type { Fixed, Optional } from './columns.ts';

/** A sign-in code that was e-mailed. Neither code nor address are stored in the clear. */
export type PortalCodesTable = {
  code_id: Fixed<string>;
  email_hash: Fixed<Buffer>;
  email_sealed: Fixed<Buffer>;
  code_hash: Fixed<Buffer>;
  slot_starts_at: Fixed<Date>;
  expires_at: Fixed<Date>;
  used_at: Optional<Date>;
};

/** Several challenges may be about one code. */
export type PortalChallengesTable = { challenge_id: Fixed<string>; code_id: Fixed<string>; tries: Generated<number> };

import type { Generated, Selectable } from 'kysely';
import type { Fixed, Optional } from './columns.ts';

export type SessionsTable = {
  session_id: Fixed<string>;
  user_id: Fixed<string | null>;
  license_id: Fixed<string | null>;
  customer_id: Fixed<string | null>;
  email_key: Fixed<string | null>;
  generation: Generated<number>;
  rotated_at: Date;
  expires_at: Date;
  ends_at: Fixed<Date>;
  ended_at: Optional<Date>;
};

/** A sign-in. Nothing of its refresh tokens is stored: they are derived from session id and generation. */
export type SessionRow = Selectable<SessionsTable>;

/** Whose session it is. What it may do is looked up again at each refresh. */
export type SessionSubject =
  | { kind: 'user'; userId: string }
  /** Signed in with a License ID: as long as the license stays with this customer. */
  | { kind: 'license'; licenseId: string; customerId: string }
  /** Signed in with a code that was e-mailed to an address: as long as an account lists it as a contact. */
  | { kind: 'address'; emailKey: string };

export const toSubjectColumns = (subject: SessionSubject) => ({
  user_id: subject.kind === 'user' ? subject.userId : null,
  license_id: subject.kind === 'license' ? subject.licenseId : null,
  customer_id: subject.kind === 'license' ? subject.customerId : null,
  email_key: subject.kind === 'address' ? subject.emailKey : null,
});

export const toSubject = (row: SessionRow): SessionSubject => {
  if (row.user_id !== null) return { kind: 'user', userId: row.user_id };
  if (row.email_key !== null) return { kind: 'address', emailKey: row.email_key };
  if (row.license_id === null || row.customer_id === null) throw new Error('A session has no subject.');
  return { kind: 'license', licenseId: row.license_id, customerId: row.customer_id };
};

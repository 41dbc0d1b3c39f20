import type { Kysely, Selectable, Transaction } from 'kysely';
import type { AccountTables } from '../db.ts';
import type { Session } from './session.ts';
import type { SessionSubject } from './session-subject.ts';

const toColumns = (subject: SessionSubject) => ({
  user_id: subject.kind === 'user' ? subject.userId : null,
  license_id: subject.kind === 'license' ? subject.licenseId : null,
  customer_id: subject.kind === 'license' ? subject.customerId : null,
  email_key: subject.kind === 'address' ? subject.emailKey : null,
});

const toSubject = (row: Selectable<AccountTables['sessions']>): SessionSubject => {
  if (row.user_id !== null) return { kind: 'user', userId: row.user_id };
  if (row.email_key !== null) return { kind: 'address', emailKey: row.email_key };
  if (row.license_id === null || row.customer_id === null) throw new Error('A session is nobody’s.');
  return { kind: 'license', licenseId: row.license_id, customerId: row.customer_id };
};

export const insertSession = (trx: Transaction<AccountTables>, session: Omit<Session, 'endedAt'>) =>
  trx
    .insertInto('sessions')
    .values({
      session_id: session.sessionId,
      ...toColumns(session.subject),
      generation: session.generation,
      rotated_at: session.rotatedAt,
      expires_at: session.expiresAt,
      ends_at: session.endsAt,
    })
    .execute();

/** Reads a session and holds it: two refreshes of one session come one after the other. */
export const lockSession = async (trx: Transaction<AccountTables>, sessionId: string): Promise<Session | null> => {
  const query = trx.selectFrom('sessions').selectAll().where('session_id', '=', sessionId).forUpdate();
  const row = await query.executeTakeFirst();
  if (row === undefined) return null;
  return {
    sessionId: row.session_id,
    subject: toSubject(row),
    generation: row.generation,
    rotatedAt: row.rotated_at,
    expiresAt: row.expires_at,
    endsAt: row.ends_at,
    endedAt: row.ended_at,
  };
};

export const rotateSession = (
  trx: Transaction<AccountTables>,
  sessionId: string,
  next: { generation: number; rotatedAt: Date; expiresAt: Date },
) =>
  trx
    .updateTable('sessions')
    .set({
      generation: next.generation,
      rotated_at: next.rotatedAt,
      expires_at: next.expiresAt,
    })
    .where('session_id', '=', sessionId)
    .execute();

export const endSession = (db: Kysely<AccountTables>, sessionId: string, now: Date) =>
  db
    .updateTable('sessions')
    .set({ ended_at: now })
    .where('session_id', '=', sessionId)
    .where('ended_at', 'is', null)
    .execute();

/** Sessions that are over for good, with nothing left to detect. */
export const deleteOldSessions = (db: Kysely<AccountTables>, now: Date) =>
  db.deleteFrom('sessions').where('ends_at', '<', now).execute();

import type { Kysely, Transaction } from 'kysely';
import type { AccountTables } from '../db.ts';
import type { Session } from './session.ts';

export const insertSession = (trx: Transaction<AccountTables>, session: Omit<Session, 'endedAt'>) =>
  trx
    .insertInto('sessions')
    .values({
      session_id: session.sessionId,
      user_id: session.userId,
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
    userId: row.user_id,
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

import type { PartnerRole } from '@smartserver/contracts';
import type { Kysely, Transaction } from 'kysely';
import type { AccountTables, UserRow } from '../db.ts';
import { emailKey, type User } from './user.ts';

type Db = Kysely<AccountTables>;

const userOf = (row: UserRow): User => {
  const common = {
    userId: row.user_id,
    email: row.email,
    status: row.status,
    passwordHash: row.password_hash,
    secondFactor: row.second_factor_sealed && { sealed: row.second_factor_sealed, lastStep: row.second_factor_step },
    createdAt: row.created_at,
  };
  if (row.partner_id === null || row.role === null) return { ...common, kind: 'staff' };
  return { ...common, kind: 'partner_user', partnerId: row.partner_id, role: row.role };
};

export const findUserByEmail = async (db: Db, email: string): Promise<User | null> => {
  const row = await db.selectFrom('users').selectAll().where('email_key', '=', emailKey(email)).executeTakeFirst();
  return row === undefined ? null : userOf(row);
};

export const findUser = async (db: Db, userId: string): Promise<User | null> => {
  const row = await db.selectFrom('users').selectAll().where('user_id', '=', userId).executeTakeFirst();
  return row === undefined ? null : userOf(row);
};

/** Reads a user and holds the row until the transaction ends. */
export const lockUser = async (trx: Transaction<AccountTables>, userId: string): Promise<User | null> => {
  const query = trx.selectFrom('users').selectAll().where('user_id', '=', userId).forUpdate();
  const row = await query.executeTakeFirst();
  return row === undefined ? null : userOf(row);
};

export const keepSecondFactorStep = (trx: Transaction<AccountTables>, userId: string, step: number) =>
  trx.updateTable('users').set({ second_factor_step: step }).where('user_id', '=', userId).execute();

/** One page of a partner's users, and one row more. */
export const listUsers = async (
  db: Db,
  options: { partnerId: string; after: string | null; limit: number },
): Promise<User[]> => {
  let query = db.selectFrom('users').selectAll().where('partner_id', '=', options.partnerId);
  if (options.after !== null) query = query.where('user_id', '>', options.after);
  const rows = await query
    .orderBy('user_id')
    .limit(options.limit + 1)
    .execute();
  return rows.map(userOf);
};

export type NewUser = {
  userId: string;
  email: string;
  createdAt: Date;
  membership: { partnerId: string; role: PartnerRole } | null;
};

/** Adds an invited user. @returns null when the address belongs to a user already */
export const insertInvitedUser = async (trx: Transaction<AccountTables>, user: NewUser): Promise<User | null> => {
  const row = await trx
    .insertInto('users')
    .values({
      user_id: user.userId,
      partner_id: user.membership?.partnerId ?? null,
      kind: user.membership === null ? 'staff' : 'partner_user',
      role: user.membership?.role ?? null,
      email: user.email.trim(),
      email_key: emailKey(user.email),
      status: 'invited',
      created_at: user.createdAt,
    })
    .onConflict((conflict) => conflict.column('email_key').doNothing())
    .returningAll()
    .executeTakeFirst();
  return row === undefined ? null : userOf(row);
};

export const changeRole = (trx: Transaction<AccountTables>, userId: string, role: PartnerRole) =>
  trx.updateTable('users').set({ role }).where('user_id', '=', userId).execute();

export const activateUser = (
  trx: Transaction<AccountTables>,
  userId: string,
  credentials: { passwordHash: string; secondFactorSealed: Buffer | null },
) =>
  trx
    .updateTable('users')
    .set({
      status: 'active',
      password_hash: credentials.passwordHash,
      second_factor_sealed: credentials.secondFactorSealed,
      second_factor_step: null,
    })
    .where('user_id', '=', userId)
    .execute();

import type { Db, Trx } from './tables.ts';
import { emailKey, type UserRow } from './user.ts';

export const findUserByEmail = (db: Db, email: string): Promise<UserRow | undefined> =>
  db.selectFrom('users').selectAll().where('email_key', '=', emailKey(email)).executeTakeFirst();

export const findUser = (db: Db, userId: string): Promise<UserRow | undefined> =>
  db.selectFrom('users').selectAll().where('user_id', '=', userId).executeTakeFirst();

/** The same, locked until the transaction ends. */
export const lockUser = (trx: Trx, userId: string): Promise<UserRow | undefined> =>
  trx.selectFrom('users').selectAll().where('user_id', '=', userId).forUpdate().executeTakeFirst();

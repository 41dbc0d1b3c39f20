import type { Actor } from '@smartserver/contracts';
import { tenantOf } from '@smartserver/service-kit';
import type { Kysely, Transaction } from 'kysely';
import pg from 'pg';
import type { AccountTables, CustomerRow } from '../db.ts';
import { ownedBy } from '../tenancy.ts';
import { customerNameKey } from './customer.ts';

type Db = Kysely<AccountTables>;
type Trx = Transaction<AccountTables>;

const visibleCustomers = (db: Db, actor: Actor) =>
  db
    .selectFrom('customers')
    .selectAll('customers')
    .where(ownedBy(tenantOf(actor), 'customers.partner_id'));

/** A customer that the actor may see, or null. */
export const findCustomer = async (db: Db, actor: Actor, customerId: string): Promise<CustomerRow | null> =>
  (await visibleCustomers(db, actor).where('customer_id', '=', customerId).executeTakeFirst()) ?? null;

/** The same, held until the transaction ends: every change of a customer or its contacts begins with it. */
export const lockCustomer = async (trx: Trx, actor: Actor, customerId: string): Promise<CustomerRow | null> =>
  (await visibleCustomers(trx, actor).where('customer_id', '=', customerId).forUpdate().executeTakeFirst()) ?? null;

/** A customer, whoever asks: for a controller that has just proved itself and is not signed in yet. */
export const findAnyCustomer = async (db: Db, customerId: string): Promise<CustomerRow | null> =>
  (await db.selectFrom('customers').selectAll().where('customer_id', '=', customerId).executeTakeFirst()) ?? null;

const escapeLike = (text: string): string => text.replace(/[\\%_]/g, (character) => `\\${character}`);

/** One page of the customers that the actor may see, and one row more. @param name part of the name, in any case */
export const listCustomers = (
  db: Db,
  actor: Actor,
  { name, after, limit }: { name: string | undefined; after: string | null; limit: number },
): Promise<CustomerRow[]> => {
  let query = visibleCustomers(db, actor);
  if (name !== undefined) query = query.where('name_key', 'like', `%${escapeLike(customerNameKey(name))}%`);
  if (after !== null) query = query.where('row_id', '>', after);
  return query
    .orderBy('row_id')
    .limit(limit + 1)
    .execute();
};

export type NewCustomer = { customerId: string; partnerId: string; rowId: string; name: string; createdAt: Date };

/** @returns null when the partner has a customer of this name */
export const insertCustomer = async (trx: Trx, customer: NewCustomer): Promise<CustomerRow | null> => {
  const row = await trx
    .insertInto('customers')
    .values({
      customer_id: customer.customerId,
      partner_id: customer.partnerId,
      row_id: customer.rowId,
      name: customer.name.trim(),
      name_key: customerNameKey(customer.name),
      created_at: customer.createdAt,
    })
    // The second of two at the same time waits here for the first, and then gets nothing.
    .onConflict((conflict) => conflict.columns(['partner_id', 'name_key']).doNothing())
    .returningAll()
    .executeTakeFirst();
  return row ?? null;
};

/**
 * @returns null when another customer of the partner has this name: the transaction is of no more use then. Only the unique
 *   index can tell, because the other one may be named at the same moment.
 */
export const renameCustomer = async (trx: Trx, customerId: string, name: string): Promise<CustomerRow | null> => {
  try {
    return await raiseVersion(trx, customerId, { name: name.trim(), name_key: customerNameKey(name) });
  } catch (error) {
    if (error instanceof pg.DatabaseError && error.constraint === 'customers_partner_id_name_key_key') return null;
    throw error;
  }
};

/** The next version of a customer, whose row the transaction holds. */
export const raiseVersion = (
  trx: Trx,
  customerId: string,
  set: { name?: string; name_key?: string } = {},
): Promise<CustomerRow> =>
  trx
    .updateTable('customers')
    .set((eb) => ({ ...set, version: eb('version', '+', 1) }))
    .where('customer_id', '=', customerId)
    .returningAll()
    .executeTakeFirstOrThrow();

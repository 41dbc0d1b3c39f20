import type { EventPayloads } from '@smartserver/contracts';
import type { Tenant } from '@smartserver/service-kit';
import { type Kysely, sql, type Transaction } from 'kysely';
import type { LicenseTables } from '../db.ts';
import { visibleCustomers } from '../tenancy.ts';

type Db = Kysely<LicenseTables>;
type Trx = Transaction<LicenseTables>;

/** A customer as account has told of it. */
export type KnownCustomer = { customerId: string; partnerId: string; version: number };

export const findPartner = async (db: Db, partnerId: string): Promise<{ partnerId: string } | null> => {
  const row = await db
    .selectFrom('partners')
    .select('partner_id')
    .where('partner_id', '=', partnerId)
    .executeTakeFirst();
  return row === undefined ? null : { partnerId: row.partner_id };
};

export const findCustomer = async (db: Db, tenant: Tenant, customerId: string): Promise<KnownCustomer | null> => {
  const row = await db
    .selectFrom('customers')
    .selectAll()
    .where('customer_id', '=', customerId)
    .where(visibleCustomers(tenant))
    .executeTakeFirst();
  return row === undefined ? null : { customerId: row.customer_id, partnerId: row.partner_id, version: row.version };
};

/** Keeps the news of a partner if it is newer than what is known: the order of arrival does not matter. */
export const keepPartner = async (trx: Trx, data: EventPayloads['partner.changed.1']): Promise<void> => {
  await trx
    .insertInto('partners')
    .values({ partner_id: data.partnerId, version: data.version })
    .onConflict((conflict) =>
      conflict
        .column('partner_id')
        .doUpdateSet({ version: (eb) => eb.ref('excluded.version') })
        .where(sql<boolean>`excluded.version > partners.version`),
    )
    .execute();
};

/** Keeps the news of a customer if it is newer than what is known. Its partner never changes; name and contacts are account's. */
export const keepCustomer = async (trx: Trx, data: EventPayloads['customer.changed.1']): Promise<void> => {
  await trx
    .insertInto('customers')
    .values({ partner_id: data.partnerId, customer_id: data.customerId, version: data.version })
    .onConflict((conflict) =>
      conflict
        .column('customer_id')
        .doUpdateSet({ version: (eb) => eb.ref('excluded.version') })
        .where(sql<boolean>`excluded.version > customers.version`),
    )
    .execute();
};

import type { Actor } from '@smartserver/contracts';
import { tenantOf } from '@smartserver/service-kit';
import type { Kysely, Transaction } from 'kysely';
import type { AccountTables, PartnerRow } from '../db.ts';
import { ownedBy } from '../tenancy.ts';

type Db = Kysely<AccountTables>;

/** A partner that the actor may see, or null. */
export const findPartner = async (db: Db, actor: Actor, partnerId: string): Promise<PartnerRow | null> => {
  const row = await db
    .selectFrom('partners')
    .selectAll()
    .where('partner_id', '=', partnerId)
    .where(ownedBy(tenantOf(actor), 'partners.partner_id'))
    .executeTakeFirst();
  return row ?? null;
};

/** One page of the partners that the actor may see, and one row more. */
export const listPartners = (
  db: Db,
  actor: Actor,
  page: { after: string | null; limit: number },
): Promise<PartnerRow[]> => {
  let query = db
    .selectFrom('partners')
    .selectAll()
    .where(ownedBy(tenantOf(actor), 'partners.partner_id'));
  if (page.after !== null) query = query.where('row_id', '>', page.after);
  return query
    .orderBy('row_id')
    .limit(page.limit + 1)
    .execute();
};

export const insertPartner = (
  trx: Transaction<AccountTables>,
  partner: { partnerId: string; rowId: string; name: string; createdAt: Date },
): Promise<PartnerRow> =>
  trx
    .insertInto('partners')
    .values({
      partner_id: partner.partnerId,
      row_id: partner.rowId,
      name: partner.name,
      created_at: partner.createdAt,
    })
    .returningAll()
    .executeTakeFirstOrThrow();

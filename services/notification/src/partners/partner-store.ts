import type { EventPayloads } from '@smartserver/contracts';
import type { Kysely, Transaction } from 'kysely';
import type { Tables } from '../model/tables.ts';

/** Takes over the state of a partner; an older or equal version changes nothing, so the order of arrival does not matter. */
export const savePartner = async (
  trx: Transaction<Tables>,
  { partnerId, name, version }: EventPayloads['partner.changed.1'],
): Promise<void> => {
  await trx
    .insertInto('partners')
    .values({ partner_id: partnerId, name, version })
    .onConflict((conflict) =>
      conflict.column('partner_id').doUpdateSet({ name, version }).where('partners.version', '<', version),
    )
    .execute();
};

/** Whether account has told of such a partner. */
export const isPartner = async (db: Kysely<Tables>, partnerId: string): Promise<boolean> =>
  (await partner(db, partnerId).executeTakeFirst()) !== undefined;

/** Held until the transaction ends: one change of its settings after the other. */
export const lockPartner = async (trx: Transaction<Tables>, partnerId: string): Promise<void> => {
  await partner(trx, partnerId).forNoKeyUpdate().execute();
};

const partner = (db: Kysely<Tables>, partnerId: string) =>
  db.selectFrom('partners').select('version').where('partner_id', '=', partnerId);

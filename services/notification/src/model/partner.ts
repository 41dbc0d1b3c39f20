import type { EventEnvelope } from '@smartserver/contracts';
import { project } from '@smartserver/service-kit';
import type { Kysely, Transaction } from 'kysely';
import type { Tables } from './tables.ts';

export const projectPartners = async (
  trx: Transaction<Tables>,
  events: readonly EventEnvelope<'partner.changed.1'>[],
): Promise<void> => {
  const rows = events.map(({ data: { partnerId, name, version } }) => ({ partner_id: partnerId, name, version }));
  await project(trx, 'partners', { key: ['partner_id'] }, rows);
};

export const isPartner = async (db: Kysely<Tables>, partnerId: string): Promise<boolean> =>
  (await partner(db, partnerId).executeTakeFirst()) !== undefined;

/** Until the transaction ends: its settings are changed by one transaction after the other. */
export const lockPartner = async (trx: Transaction<Tables>, partnerId: string): Promise<void> => {
  await partner(trx, partnerId).forNoKeyUpdate().execute();
};

const partner = (db: Kysely<Tables>, partnerId: string) =>
  db.selectFrom('partners').select('version').where('partner_id', '=', partnerId);

import type { TransferPage } from '@smartserver/contracts';
import { decodeCursor, type RequestContext, tenantOf, toPage } from '@smartserver/service-kit';
import type { Deps } from '../deps.ts';
import { toTransfer } from '../model/transfer.ts';
import { visibleTransfers } from '../tenancy.ts';

/** Newest first. */
export const listTransfers = async (
  { database }: Deps,
  context: RequestContext,
  limit: number,
  cursor: string | undefined,
): Promise<TransferPage> => {
  const after = decodeCursor(cursor);
  let query = database.kysely
    .selectFrom('transfers')
    .selectAll()
    .where(visibleTransfers(tenantOf(context.actor)))
    .orderBy('transfer_id', 'desc')
    .limit(limit + 1);
  if (after !== null) query = query.where('transfer_id', '<', after);
  const { rows, nextCursor } = toPage(await query.execute(), limit, (row) => row.transfer_id);
  return { items: rows.map(toTransfer), nextCursor };
};

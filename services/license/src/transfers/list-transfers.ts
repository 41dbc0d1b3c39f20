import type { TransferPage } from '@smartserver/contracts';
import { listPage, type PageRequest, type RequestContext, tenantOf } from '@smartserver/service-kit';
import type { Deps } from '../deps.ts';
import { toTransfer } from '../model/transfer.ts';
import { visibleTransfers } from '../tenancy.ts';

/** Newest first. */
export const listTransfers = (
  { database }: Deps,
  { actor }: RequestContext,
  page: PageRequest,
): Promise<TransferPage> => {
  const visible = database.kysely
    .selectFrom('transfers')
    .selectAll()
    .where(visibleTransfers(tenantOf(actor)));
  return listPage(visible, page, { key: 'transfer_id', order: 'desc' }, toTransfer);
};

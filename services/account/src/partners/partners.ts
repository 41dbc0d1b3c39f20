import type { CreatePartnerRequest, Partner, PartnerPage } from '@smartserver/contracts';
import {
  causeOf,
  change,
  listPage,
  type PageRequest,
  type RequestContext,
  recordEvent,
  tenantOf,
} from '@smartserver/service-kit';
import type { Deps } from '../deps.ts';
import { findPartner } from '../model/accounts.sql.ts';
import { partnerChanged, toPartner } from '../model/partner.ts';
import { visiblePartners } from '../tenancy.ts';

export const createPartner = (deps: Deps, context: RequestContext, request: CreatePartnerRequest): Promise<Partner> =>
  change(deps, context, async (trx) => {
    const row = await trx
      .insertInto('partners')
      .values({
        partner_id: deps.ids.random(),
        row_id: deps.ids.ordered(),
        name: request.name.trim(),
        created_at: deps.clock.now(),
      })
      .returningAll()
      .executeTakeFirstOrThrow();
    await recordEvent(trx, deps, causeOf(context), { type: 'partner.changed.1', data: partnerChanged(row) });
    return toPartner(row);
  });

/** @throws partner_not_found */
export const getPartner = async (deps: Deps, context: RequestContext, partnerId: string): Promise<Partner> =>
  toPartner(await findPartner(deps.database.kysely, tenantOf(context.actor), partnerId));

export const listPartners = (deps: Deps, context: RequestContext, page: PageRequest): Promise<PartnerPage> => {
  const query = deps.database.kysely.selectFrom('partners').selectAll();
  return listPage(query.where(visiblePartners(tenantOf(context.actor))), page, { key: 'row_id' }, toPartner);
};

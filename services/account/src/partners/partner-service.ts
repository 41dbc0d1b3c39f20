import type { CreatePartnerRequest, Partner, PartnerPage, PartnerUserPage } from '@smartserver/contracts';
import {
  type Clock,
  causeOf,
  change,
  type Database,
  decodeCursor,
  type Ids,
  problem,
  type RequestContext,
  recordEvent,
  toPage,
} from '@smartserver/service-kit';
import type { AccountTables, PartnerRow } from '../db.ts';
import type { PageRequest } from '../pages.ts';
import { toPartnerUser } from '../users/user.ts';
import { listUsers } from '../users/user-store.ts';
import { findPartner, insertPartner, listPartners } from './partner-store.ts';

export type PartnerDeps = {
  database: Database<AccountTables>;
  relay: { wake(): void };
  clock: Clock;
  ids: Ids;
};

const toPartner = (row: PartnerRow): Partner => ({
  partnerId: row.partner_id,
  name: row.name,
  createdAt: row.created_at.toISOString(),
  version: row.version,
});

/** Partners and their users. */
export class PartnerService {
  constructor(private readonly deps: PartnerDeps) {}

  create(request: CreatePartnerRequest, context: RequestContext): Promise<Partner> {
    const { clock, ids } = this.deps;
    return change(this.deps, context, async (trx) => {
      const row = await insertPartner(trx, {
        partnerId: ids.random(),
        rowId: ids.ordered(),
        name: request.name.trim(),
        createdAt: clock.now(),
      });
      await recordEvent(trx, this.deps, causeOf(context), {
        type: 'partner.changed.1',
        data: { partnerId: row.partner_id, name: row.name, version: row.version },
      });
      return toPartner(row);
    });
  }

  /** @throws partner_not_found */
  async get(partnerId: string, context: RequestContext): Promise<Partner> {
    const row = await findPartner(this.deps.database.kysely, context.actor, partnerId);
    if (row === null) throw problem('partner_not_found');
    return toPartner(row);
  }

  async list({ limit, cursor }: PageRequest, context: RequestContext): Promise<PartnerPage> {
    const page = { after: decodeCursor(cursor), limit };
    const found = await listPartners(this.deps.database.kysely, context.actor, page);
    const { rows, nextCursor } = toPage(found, limit, (row) => row.row_id);
    return { items: rows.map(toPartner), nextCursor };
  }

  /** @throws partner_not_found */
  async listUsers(partnerId: string, request: PageRequest, context: RequestContext): Promise<PartnerUserPage> {
    const after = decodeCursor(request.cursor);
    await this.get(partnerId, context);
    const found = await listUsers(this.deps.database.kysely, { partnerId, after, limit: request.limit });
    const { rows, nextCursor } = toPage(found, request.limit, (user) => user.userId);
    const items = rows.flatMap((user) => (user.kind === 'partner_user' ? [toPartnerUser(user, user)] : []));
    return { items, nextCursor };
  }
}

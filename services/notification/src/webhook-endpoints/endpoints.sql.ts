import type { Actor } from '@smartserver/contracts';
import { problem, type Tenant, tenantOf } from '@smartserver/service-kit';
import { type Kysely, sql, type Transaction, type Updateable } from 'kysely';
import type { Tables } from '../model/tables.ts';
import type { WebhookEndpointRow } from '../model/webhook-endpoint.ts';
import { visibleEndpoints as isVisible } from '../tenancy.ts';

type Db = Kysely<Tables>;
type Trx = Transaction<Tables>;

const visibleEndpoints = (db: Db, tenant: Tenant) =>
  db.selectFrom('webhook_endpoints').selectAll('webhook_endpoints').where(isVisible(tenant));

const visibleEndpoint = (db: Db, actor: Actor, endpointId: string) =>
  visibleEndpoints(db, tenantOf(actor)).where('endpoint_id', '=', endpointId);

const notFound = () => problem('webhook_endpoint_not_found');

/** @throws webhook_endpoint_not_found */
export const readEndpoint = (db: Db, actor: Actor, endpointId: string): Promise<WebhookEndpointRow> =>
  visibleEndpoint(db, actor, endpointId).executeTakeFirstOrThrow(notFound);

/**
 * The same, held until the transaction ends: every change of an endpoint or its deliveries begins with it.
 * @throws webhook_endpoint_not_found
 */
export const lockEndpoint = (trx: Trx, actor: Actor, endpointId: string): Promise<WebhookEndpointRow> =>
  visibleEndpoint(trx, actor, endpointId).forUpdate().executeTakeFirstOrThrow(notFound);

/** One page of the endpoints that the caller may see, oldest first, and one row more. */
export const findEndpoints = (
  db: Db,
  tenant: Tenant,
  { partnerId, after, limit }: { partnerId: string | undefined; after: string | null; limit: number },
): Promise<WebhookEndpointRow[]> => {
  let query = visibleEndpoints(db, tenant);
  if (partnerId !== undefined) query = query.where('partner_id', '=', partnerId);
  if (after !== null) query = query.where('endpoint_id', '>', after);
  return query
    .orderBy('endpoint_id')
    .limit(limit + 1)
    .execute();
};

/** How many the owner has; another transaction that counts the same owner's waits until this one ends. @param partnerId null: Customer Success */
export const countEndpoints = async (trx: Trx, partnerId: string | null): Promise<number> => {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`webhook endpoints of ${partnerId}`}, 0))`.execute(trx);
  const { count } = await trx
    .selectFrom('webhook_endpoints')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('partner_id', 'is not distinct from', partnerId)
    .executeTakeFirstOrThrow();
  return count;
};

/** An endpoint whose row the transaction holds. */
export const updateEndpointRow = (
  trx: Trx,
  endpointId: string,
  set: Updateable<Tables['webhook_endpoints']>,
): Promise<WebhookEndpointRow> =>
  trx
    .updateTable('webhook_endpoints')
    .set(set)
    .where('endpoint_id', '=', endpointId)
    .returningAll()
    .executeTakeFirstOrThrow();

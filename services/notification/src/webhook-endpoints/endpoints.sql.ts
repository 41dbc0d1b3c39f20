import type { Actor } from '@smartserver/contracts';
import { problem, type Tenant, tenantOf } from '@smartserver/service-kit';
import { type Insertable, type Kysely, sql, type Transaction, type Updateable } from 'kysely';
import type { Tables } from '../model/tables.ts';
import type { WebhookEndpointRow } from '../model/webhook-endpoint.ts';
import { visibleEndpoints as isVisible } from '../tenancy.ts';

type Db = Kysely<Tables>;
type Trx = Transaction<Tables>;
type Endpoints = Tables['webhook_endpoints'];

const visibleEndpoints = (db: Db, tenant: Tenant) =>
  db.selectFrom('webhook_endpoints').selectAll('webhook_endpoints').where(isVisible(tenant));

/** An endpoint that the caller may see, or null. */
export const findEndpoint = async (db: Db, tenant: Tenant, endpointId: string): Promise<WebhookEndpointRow | null> =>
  (await visibleEndpoints(db, tenant).where('endpoint_id', '=', endpointId).executeTakeFirst()) ?? null;

/**
 * The same, held until the transaction ends: every change of an endpoint or its deliveries begins with it.
 * @throws webhook_endpoint_not_found
 */
export const lockEndpoint = async (trx: Trx, actor: Actor, endpointId: string): Promise<WebhookEndpointRow> => {
  const visible = visibleEndpoints(trx, tenantOf(actor));
  const endpoint = await visible.where('endpoint_id', '=', endpointId).forUpdate().executeTakeFirst();
  if (endpoint === undefined) throw problem('webhook_endpoint_not_found');
  return endpoint;
};

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

export const insertEndpoint = (trx: Trx, endpoint: Insertable<Endpoints>): Promise<WebhookEndpointRow> =>
  trx.insertInto('webhook_endpoints').values(endpoint).returningAll().executeTakeFirstOrThrow();

/** An endpoint whose row the transaction holds. */
export const updateEndpointRow = (
  trx: Trx,
  endpointId: string,
  set: Updateable<Endpoints>,
): Promise<WebhookEndpointRow> =>
  trx
    .updateTable('webhook_endpoints')
    .set(set)
    .where('endpoint_id', '=', endpointId)
    .returningAll()
    .executeTakeFirstOrThrow();

/** Its deliveries go with it. */
export const deleteEndpointRow = async (trx: Trx, endpointId: string): Promise<void> => {
  await trx.deleteFrom('webhook_endpoints').where('endpoint_id', '=', endpointId).execute();
};

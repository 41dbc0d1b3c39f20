import type { Actor } from '@smartserver/contracts';
import { problem, tenantOf } from '@smartserver/service-kit';
import { type Kysely, sql, type Transaction, type Updateable } from 'kysely';
import type { Tables } from '../model/tables.ts';
import type { WebhookEndpointRow } from '../model/webhook-endpoint.ts';
import { visibleEndpoints } from '../tenancy.ts';

type Db = Kysely<Tables>;
type Trx = Transaction<Tables>;

export const selectEndpoints = (db: Db, actor: Actor) =>
  db
    .selectFrom('webhook_endpoints')
    .selectAll('webhook_endpoints')
    .where(visibleEndpoints(tenantOf(actor)));

const notFound = () => problem('webhook_endpoint_not_found');

/** @throws webhook_endpoint_not_found */
export const readEndpoint = (db: Db, actor: Actor, endpointId: string): Promise<WebhookEndpointRow> =>
  selectEndpoints(db, actor).where('endpoint_id', '=', endpointId).executeTakeFirstOrThrow(notFound);

/**
 * The same, held until the transaction ends: every change of an endpoint or its deliveries begins with it.
 * @throws webhook_endpoint_not_found
 */
export const lockEndpoint = (trx: Trx, actor: Actor, endpointId: string): Promise<WebhookEndpointRow> =>
  selectEndpoints(trx, actor).where('endpoint_id', '=', endpointId).forUpdate().executeTakeFirstOrThrow(notFound);

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

import { type Kysely, sql, type Transaction } from 'kysely';
import type { Tables } from '../model/tables.ts';
import type { WebhookEndpointRow } from '../model/webhook-endpoint.ts';
import { giveUpPending } from './endpoint-store.ts';
import type { EndpointFate, FailedAttempt, Lease, LeasedWebhook, LeaseOptions, WebhookQueue } from './outbound.ts';
import { DISABLE_AFTER } from './retries.ts';

type Trx = Transaction<Tables>;

/** Told in the transaction that disables an endpoint, so that its owner learns of it once. */
export type OnDisabled = (trx: Trx, endpoint: WebhookEndpointRow, reason: 'failing' | 'gone') => Promise<void>;

/**
 * The queue of deliveries in the database. Each change takes the row of the endpoint before that of the delivery, as the API does,
 * so that two never wait for each other.
 */
export const webhookQueue = (db: Kysely<Tables>, onDisabled: OnDisabled): WebhookQueue => {
  const fail = async (lease: Lease, attempt: FailedAttempt, gone: boolean): Promise<EndpointFate> =>
    db.transaction().execute(async (trx) => {
      const disabled = await noteFailure(trx, lease.endpointId, attempt.at, gone);
      await trx
        .updateTable('webhook_deliveries')
        .set((eb) => ({
          status: attempt.nextAttemptAt === null ? 'failed' : 'pending',
          failures: eb('failures', '+', 1),
          response_status: attempt.responseStatus,
          failure: attempt.failure,
          next_attempt_at: attempt.nextAttemptAt ?? attempt.at,
        }))
        .where('endpoint_id', '=', lease.endpointId)
        .where('message_id', '=', lease.messageId)
        .where('status', '=', 'pending')
        .where('attempts', '=', lease.attempts)
        .execute();
      if (disabled === null) return 'enabled';
      await giveUpPending(trx, lease.endpointId);
      await onDisabled(trx, disabled.endpoint, disabled.reason);
      return 'disabled';
    });

  return {
    lease: (options) => takeDue(db, options),

    async recordDelivered({ endpointId, messageId }, { at, responseStatus }) {
      await db.transaction().execute(async (trx) => {
        await trx
          .updateTable('webhook_endpoints')
          .set({ failing_since: null, failed_attempts: 0 })
          .where('endpoint_id', '=', endpointId)
          .where('failing_since', 'is not', null)
          .execute();
        await trx
          .updateTable('webhook_deliveries')
          .set({ status: 'delivered', delivered_at: at, response_status: responseStatus, failure: null })
          .where('endpoint_id', '=', endpointId)
          .where('message_id', '=', messageId)
          .execute();
      });
    },

    recordFailed: (lease, attempt) => fail(lease, attempt, false),

    recordGone: (lease, attempt) => fail(lease, { ...attempt, nextAttemptAt: null }, true),

    async release({ endpointId, messageId, attempts }, now) {
      await db
        .updateTable('webhook_deliveries')
        .set({ next_attempt_at: now })
        .where('endpoint_id', '=', endpointId)
        .where('message_id', '=', messageId)
        .where('attempts', '=', attempts)
        .where('status', '=', 'pending')
        .execute();
    },
  };
};

/**
 * Due deliveries, each endpoint's share of them, the oldest first; where not all can be taken, chance decides between endpoints, so
 * that nobody's old backlog keeps others waiting. Endpoints that have something pending are found by jumping from one to the next in
 * the index, so that what waits for one of them costs the others nothing, however much it is.
 */
const takeDue = async (db: Kysely<Tables>, options: LeaseOptions): Promise<LeasedWebhook[]> => {
  const { failing, limit, perEndpoint, busy, now, leaseEnd } = options;
  const isFailing = failing ? sql`endpoint.failing_since is not null` : sql`endpoint.failing_since is null`;
  // Materialized: the planner may otherwise run the locking query more than once and take more than `limit`.
  const { rows } = await sql<LeasedWebhook>`
    with recursive waiting as (
      (select endpoint_id from webhook_deliveries where status = 'pending' order by endpoint_id limit 1)
      union all
      select (
        select next.endpoint_id from webhook_deliveries as next
        where next.status = 'pending' and next.endpoint_id > waiting.endpoint_id order by next.endpoint_id limit 1
      ) from waiting where waiting.endpoint_id is not null
    ), due as materialized (
      select delivery.endpoint_id, delivery.message_id
      from waiting
      join webhook_endpoints as endpoint on endpoint.endpoint_id = waiting.endpoint_id and endpoint.enabled and ${isFailing}
      left join unnest(${[...busy.keys()]}::uuid[], ${[...busy.values()]}::integer[]) as busy (endpoint_id, count)
        on busy.endpoint_id = endpoint.endpoint_id
      cross join lateral (
        select endpoint_id, message_id from webhook_deliveries
        where endpoint_id = endpoint.endpoint_id and status = 'pending' and next_attempt_at <= ${now}
        order by next_attempt_at limit greatest(${perEndpoint}::integer - coalesce(busy.count, 0), 0)
        for update skip locked
      ) as delivery
      order by random() limit ${limit}
    )
    update webhook_deliveries as delivery set attempts = delivery.attempts + 1, next_attempt_at = ${leaseEnd}
    from due, webhook_endpoints as endpoint, webhook_messages as message
    where delivery.endpoint_id = due.endpoint_id and delivery.message_id = due.message_id
      and endpoint.endpoint_id = due.endpoint_id and message.message_id = due.message_id
    returning delivery.endpoint_id as "endpointId", delivery.message_id as "messageId", delivery.attempts,
      delivery.failures, endpoint.url, endpoint.sealed_secret as "sealedSecret",
      case when endpoint.previous_secret_expires_at > ${now} then endpoint.previous_sealed_secret end
        as "previousSealedSecret",
      message.payload`.execute(db);
  return rows;
};

type Disabled = { endpoint: WebhookEndpointRow; reason: 'failing' | 'gone' };

/** @returns the endpoint, if it is disabled from now on; null where it is not, or was before */
const noteFailure = async (trx: Trx, endpointId: string, at: Date, gone: boolean): Promise<Disabled | null> => {
  const longAgo = new Date(at.getTime() - DISABLE_AFTER.milliseconds);
  const { rows } = await sql<WebhookEndpointRow & { reason: Disabled['reason'] | null }>`
    update webhook_endpoints as endpoint
    set failing_since = coalesce(failing_since, ${at}), failed_attempts = failed_attempts + 1,
      enabled = reason is null, disabled_reason = reason, version = version + (reason is not null)::integer
    from (
      select endpoint_id, case
        when ${gone} then 'gone'
        when failing_since <= ${longAgo} and failed_attempts + 1 >= ${DISABLE_AFTER.attempts} then 'failing'
      end as reason
      from webhook_endpoints where endpoint_id = ${endpointId} and enabled for update
    ) as fate
    where endpoint.endpoint_id = fate.endpoint_id
    returning endpoint.*, reason`.execute(trx);
  const [row] = rows;
  if (row === undefined || row.reason === null) return null;
  const { reason, ...endpoint } = row;
  return { endpoint, reason };
};

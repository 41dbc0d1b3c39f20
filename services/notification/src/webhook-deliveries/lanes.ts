import type { Clock, Ids, Logger, Seal } from '@smartserver/service-kit';
import { type Kysely, sql } from 'kysely';
import { type DeliveryTable, recordVerdict, takeDue } from '../delivery/deliveries.sql.ts';
import type { Batch, Lane, Leased, Quota, Verdict } from '../delivery/sender.ts';
import type { Tables } from '../model/tables.ts';
import { webhookIdOf } from '../model/webhook-message.ts';
import { failPending, noteFailure, noteSuccess, notifyOwner } from '../webhook-endpoints/disable.ts';
import { openSecret, signedHeaders } from '../webhook-endpoints/secret.ts';
import type { Answer, Post } from './post.ts';
import { nextDelay, readRetryAfter } from './retries.ts';

/** A webhook taken for sending. */
export type LeasedWebhook = Leased & {
  endpointId: string;
  messageId: string;
  url: string;
  sealedSecret: string;
  /** Null: there is none that still signs. */
  previousSealedSecret: string | null;
  payload: string;
};

/** `gone`: the receiver wants nothing any more, the endpoint is disabled. */
export type WebhookVerdict = Verdict & { responseStatus: number | null; gone: boolean };

const DELIVERIES: DeliveryTable = {
  name: 'webhook_deliveries',
  key: ['endpoint_id', 'message_id'],
  failures: 'failures',
  status: { column: 'status', done: 'delivered', doneAt: 'delivered_at' },
};

export type WebhookLaneDeps = {
  db: Kysely<Tables>;
  post: Post;
  /** By WEBHOOK_SEAL_KEY. */
  seal: Seal;
  clock: Clock;
  ids: Ids;
  mailDomain: string;
  /** From 0 to 1. */
  random: () => number;
  logger: Logger;
};

export type WebhookLimits = {
  /** In flight to one endpoint. */
  perEndpoint: number;
  /** In flight to endpoints whose last attempt failed, one to each: those that hang leave the rest to the others. */
  toFailing: number;
};

/** Webhooks to endpoints that work, and to those whose last attempt failed. */
export const webhookLanes = (
  deps: WebhookLaneDeps,
  { perEndpoint, toFailing }: WebhookLimits,
): Lane<LeasedWebhook, WebhookVerdict>[] => {
  const outside = {
    send: (webhook: LeasedWebhook, cut: AbortSignal) => attempt(deps, webhook, cut),
    record: (webhook: LeasedWebhook, verdict: WebhookVerdict, at: Date) => record(deps, webhook, verdict, at),
  };
  return [
    { name: 'webhooks', lease: (quota) => takeWebhooks(deps.db, quota, { failing: false, perEndpoint }), ...outside },
    {
      name: 'webhooks-failing',
      most: toFailing,
      lease: (quota) => takeWebhooks(deps.db, quota, { failing: true, perEndpoint: 1 }),
      ...outside,
    },
  ];
};

/**
 * Due deliveries, each endpoint's share of them, the oldest first; where not all can be taken, chance decides between endpoints, so
 * that nobody's old backlog keeps others waiting. Endpoints that have something pending are found by jumping from one to the next in
 * the index, so that what waits for one of them costs the others nothing, however much it is.
 */
const takeWebhooks = (
  db: Kysely<Tables>,
  quota: Quota,
  { failing, perEndpoint }: { failing: boolean; perEndpoint: number },
): Promise<Batch<LeasedWebhook>> => {
  const { busy, now } = quota;
  const isFailing = failing ? sql`endpoint.failing_since is not null` : sql`endpoint.failing_since is null`;
  const due = (limit: unknown) => sql`
    with recursive waiting as (
      (select endpoint_id from webhook_deliveries where status = 'pending' order by endpoint_id limit 1)
      union all
      select (
        select next.endpoint_id from webhook_deliveries as next
        where next.status = 'pending' and next.endpoint_id > waiting.endpoint_id order by next.endpoint_id limit 1
      ) from waiting where waiting.endpoint_id is not null
    )
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
    order by random() limit ${limit}`;
  const columns = sql`delivery.endpoint_id as target, delivery.endpoint_id as "endpointId",
    delivery.message_id as "messageId", endpoint.url, endpoint.sealed_secret as "sealedSecret",
    case when endpoint.previous_secret_expires_at > ${now} then endpoint.previous_sealed_secret end
      as "previousSealedSecret", message.payload`;
  const joins = sql`
    join webhook_endpoints as endpoint on endpoint.endpoint_id = delivery.endpoint_id
    join webhook_messages as message on message.message_id = delivery.message_id`;
  return takeDue<LeasedWebhook>(db, DELIVERIES, { due, columns, joins }, quota);
};

/** The address of a receiver may hold a secret, and its answer anything: neither goes into the log. */
const attempt = async (deps: WebhookLaneDeps, webhook: LeasedWebhook, cut: AbortSignal): Promise<WebhookVerdict> => {
  const { endpointId, messageId, url, payload } = webhook;
  const secrets = secretsOf(deps.seal, webhook);
  if (secrets.length === 0) {
    deps.logger.error({ endpointId }, 'webhook secret cannot be opened: WEBHOOK_SEAL_KEY has changed');
    return judge(deps, webhook, { kind: 'failed', failure: 'The webhook could not be signed. Rotate the secret.' });
  }
  const signed = signedHeaders(secrets, { id: webhookIdOf(messageId), at: deps.clock.now(), body: payload });
  const headers = { 'content-type': 'application/json', 'user-agent': 'SmartServer-Webhooks/1', ...signed };
  return judge(deps, webhook, await deps.post({ url, headers, body: payload }, cut));
};

/** The newest first. A former one that does not open signs no more; without the present one nothing is signed. */
const secretsOf = (seal: Seal, webhook: LeasedWebhook): string[] => {
  const open = (sealed: string | null): string[] => {
    try {
      return sealed === null ? [] : [openSecret(seal, sealed, webhook.endpointId)];
    } catch {
      // The caller logs it: what was thrown knows no more.
      return [];
    }
  };
  const present = open(webhook.sealedSecret);
  return present.length === 0 ? [] : [...present, ...open(webhook.previousSealedSecret)];
};

const judge = (
  { clock, random }: Pick<WebhookLaneDeps, 'clock' | 'random'>,
  { failures }: LeasedWebhook,
  answer: Answer,
): WebhookVerdict => {
  if (answer.kind === 'cut') return { kind: 'cut', responseStatus: null, gone: false };
  const responseStatus = answer.kind === 'answered' ? answer.status : null;
  const seen = { responseStatus, gone: responseStatus === 410 };
  if (responseStatus !== null && responseStatus >= 200 && responseStatus < 300) return { kind: 'done', ...seen };
  const failure = answer.kind === 'failed' ? answer.failure : failureOf(answer.status);
  const asks = answer.kind === 'answered' && (answer.status === 429 || answer.status === 503);
  const retryAfterMs = asks ? readRetryAfter(answer.retryAfter, clock.now()) : null;
  const delayMs = seen.gone ? null : nextDelay(failures + 1, retryAfterMs, random());
  if (delayMs === null) return { kind: 'failed', failure, ...seen };
  return { kind: 'retry', delayMs, failure, counts: true, ...seen };
};

const failureOf = (status: number): string =>
  status >= 300 && status < 400
    ? `The receiver answered ${status}: redirects are not followed.`
    : `The receiver answered ${status}.`;

/** Holds the row of the endpoint before that of the delivery, as the API does, so that two never wait for each other. */
const record = async (
  deps: WebhookLaneDeps,
  webhook: LeasedWebhook,
  verdict: WebhookVerdict,
  at: Date,
): Promise<void> => {
  const { endpointId } = webhook;
  if (verdict.kind === 'cut') return recordVerdict(deps.db, DELIVERIES, webhook, verdict, at);
  const disabled = await deps.db.transaction().execute(async (trx) => {
    const failed = verdict.kind === 'done' ? null : await noteFailure(trx, endpointId, at, verdict.gone);
    if (verdict.kind === 'done') await noteSuccess(trx, endpointId);
    await recordVerdict(trx, DELIVERIES, webhook, verdict, at, { response_status: verdict.responseStatus });
    if (failed === null) return false;
    await failPending(trx, endpointId);
    await notifyOwner(trx, deps, failed);
    return true;
  });
  if (disabled) deps.logger.warn({ endpointId }, 'webhook endpoint disabled');
};

import type { CreateWebhookEndpointRequest, WebhookEndpoint, WebhookEndpointWithSecret } from '@smartserver/contracts';
import { change, problem, type RequestContext, type Seal, tenantOf } from '@smartserver/service-kit';
import type { Deps } from '../deps.ts';
import { isPartner } from '../model/partner.ts';
import { toEndpoint } from '../model/webhook-endpoint.ts';
import { ownerOfNew } from '../tenancy.ts';
import { countEndpoints } from './endpoints.sql.ts';
import { newSecret, openSecret, sealSecret } from './secret.ts';
import { type TargetRules, urlFault } from './target.ts';

/** Of one partner, or of Customer Success. */
const MOST_ENDPOINTS = 20;

/** What is kept of an answer under an idempotency key: the secret only sealed. */
export type StoredAnswer = { endpoint: WebhookEndpoint; sealedSecret: string };

/** @throws partner_not_found, webhook_endpoint_limit_reached, webhook_target_refused */
export const createEndpoint = async (
  deps: Deps,
  context: RequestContext,
  request: CreateWebhookEndpointRequest,
): Promise<WebhookEndpointWithSecret> => {
  const partnerId = ownerOfNew(tenantOf(context.actor), request.partnerId);
  if (partnerId === undefined) throw problem('partner_not_found');
  requireGoodTarget(deps.targetRules, request.url);
  const answer = await change(deps, context, async (trx): Promise<StoredAnswer> => {
    const isUnknown = context.actor.kind === 'staff' && partnerId !== null && !(await isPartner(trx, partnerId));
    if (isUnknown) throw problem('partner_not_found');
    if ((await countEndpoints(trx, partnerId)) >= MOST_ENDPOINTS) throw problem('webhook_endpoint_limit_reached');
    const endpointId = deps.ids.ordered();
    const now = deps.clock.now();
    const sealedSecret = sealSecret(deps.webhookSeal, newSecret(), endpointId);
    const row = await trx
      .insertInto('webhook_endpoints')
      .values({
        endpoint_id: endpointId,
        partner_id: partnerId,
        url: request.url,
        description: request.description ?? '',
        event_types: request.eventTypes,
        notify_email: request.notifyEmail ?? null,
        sealed_secret: sealedSecret,
        secret_created_at: now,
        created_at: now,
      })
      .returningAll()
      .executeTakeFirstOrThrow();
    return { endpoint: toEndpoint(row, now), sealedSecret };
  });
  return withSecret(deps.webhookSeal, answer);
};

/** @throws webhook_target_refused */
export const requireGoodTarget = (rules: TargetRules, url: string): void => {
  const detail = urlFault(url, rules);
  if (detail === null) return;
  throw problem('webhook_target_refused', { errors: [{ pointer: '/url', code: 'webhook_target_refused', detail }] });
};

export const withSecret = (seal: Seal, { endpoint, sealedSecret }: StoredAnswer): WebhookEndpointWithSecret => ({
  ...endpoint,
  secret: openSecret(seal, sealedSecret, endpoint.endpointId),
});

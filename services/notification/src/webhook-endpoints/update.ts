import type { UpdateWebhookEndpointRequest, WebhookEndpoint } from '@smartserver/contracts';
import { change, type RequestContext } from '@smartserver/service-kit';
import type { Deps } from '../deps.ts';
import { toEndpoint, type WebhookEndpointRow } from '../model/webhook-endpoint.ts';
import { requireGoodTarget } from './create.ts';
import { failPending } from './disable.ts';
import { lockEndpoint, updateEndpointRow } from './endpoints.sql.ts';

/**
 * @param requireVersion throws unless the edit was made on this version
 * @throws webhook_endpoint_not_found, webhook_target_refused
 */
export const updateEndpoint = (
  deps: Deps,
  context: RequestContext,
  endpointId: string,
  request: UpdateWebhookEndpointRequest,
  requireVersion: (version: number) => void,
): Promise<WebhookEndpoint> =>
  change(deps, context, async (trx) => {
    const before = await lockEndpoint(trx, context.actor, endpointId);
    requireVersion(before.version);
    requireGoodTarget(deps.targetRules, request.url);
    const row = await updateEndpointRow(trx, endpointId, edited(before, request));
    if (!row.enabled) await failPending(trx, endpointId);
    return toEndpoint(row, deps.clock.now());
  });

/** One that is enabled again starts with a clean record. */
const edited = (row: WebhookEndpointRow, request: UpdateWebhookEndpointRequest) => {
  const isBack = request.enabled && !row.enabled;
  return {
    url: request.url,
    description: request.description,
    event_types: request.eventTypes,
    notify_email: request.notifyEmail ?? null,
    enabled: request.enabled,
    disabled_reason: request.enabled ? null : (row.disabled_reason ?? 'owner'),
    ...(isBack ? { failing_since: null, failed_attempts: 0 } : {}),
    version: row.version + 1,
  };
};

/** @throws webhook_endpoint_not_found */
export const deleteEndpoint = (deps: Deps, context: RequestContext, endpointId: string): Promise<void> =>
  change(deps, context, async (trx) => {
    await lockEndpoint(trx, context.actor, endpointId);
    // Its deliveries go with it.
    await trx.deleteFrom('webhook_endpoints').where('endpoint_id', '=', endpointId).execute();
  });

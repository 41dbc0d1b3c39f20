import type { WebhookEndpointWithSecret } from '@smartserver/contracts';
import { change, type RequestContext } from '@smartserver/service-kit';
import type { Deps } from '../deps.ts';
import { toEndpoint } from '../model/webhook-endpoint.ts';
import { type StoredAnswer, withSecret } from './create.ts';
import { lockEndpoint, updateEndpointRow } from './endpoints.sql.ts';
import { newSecret, OVERLAP_MS, sealSecret } from './secret.ts';

/**
 * Gives an endpoint a new secret. The one that it replaces signs as well for a day; one from before that, no more.
 * @throws webhook_endpoint_not_found
 */
export const rotateSecret = async (
  deps: Deps,
  context: RequestContext,
  endpointId: string,
): Promise<WebhookEndpointWithSecret> => {
  const answer = await change(deps, context, async (trx): Promise<StoredAnswer> => {
    const before = await lockEndpoint(trx, context.actor, endpointId);
    const now = deps.clock.now();
    const sealedSecret = sealSecret(deps.webhookSeal, newSecret(), endpointId);
    const row = await updateEndpointRow(trx, endpointId, {
      sealed_secret: sealedSecret,
      secret_created_at: now,
      previous_sealed_secret: before.sealed_secret,
      previous_secret_expires_at: new Date(now.getTime() + OVERLAP_MS),
      version: before.version + 1,
    });
    return { endpoint: toEndpoint(row, now), sealedSecret };
  });
  return withSecret(deps.webhookSeal, answer);
};

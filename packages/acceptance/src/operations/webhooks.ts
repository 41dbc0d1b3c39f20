import type { ApiClient } from '@smartserver/client';
import type { WebhookDelivery, WebhookEndpointWithSecret } from '@smartserver/contracts';
import { type PartnerLogin, until } from '../system/people.ts';
import { repeat } from './account.ts';

/** An endpoint that is left alone, and what it has got. */
export type Webhook = { endpointId: string; deliveryId: string };

/** Endpoints that get nothing by themselves, so that nothing about them changes by itself. */
export async function buildWebhooks(
  api: ApiClient,
  { token }: PartnerLogin,
  url: string,
  count: number,
): Promise<{ kept: Webhook; endpoints: string[] }> {
  const body = { url, eventTypes: ['maintenance.renewed'] };
  const create = () => api.post<WebhookEndpointWithSecret>('/v1/webhook-endpoints', { token, body });
  const { endpointId } = await create();
  const path = `/v1/webhook-endpoints/${endpointId}`;
  const { deliveryId } = await api.post<WebhookDelivery>(`${path}/test`, { token });
  await until(async () => {
    const { status } = await api.get<WebhookDelivery>(`${path}/deliveries/${deliveryId}`, { token });
    return status === 'delivered';
  }, 'the test webhook is delivered');
  return { kept: { endpointId, deliveryId }, endpoints: await repeat(count, async () => (await create()).endpointId) };
}

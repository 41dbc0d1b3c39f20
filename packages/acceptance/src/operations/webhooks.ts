import { type Api, dataOf } from '@smartserver/client';
import { type PartnerLogin, until } from '../system/people.ts';
import { repeat } from './account.ts';

/** An endpoint that is left alone, and what it has got. */
export type Webhook = { endpointId: string; deliveryId: string };

/** Endpoints that get nothing by themselves, so that nothing about them changes by itself. */
export async function buildWebhooks(
  api: Api,
  { token }: PartnerLogin,
  url: string,
  count: number,
): Promise<{ kept: Webhook; endpoints: string[] }> {
  const body = { url, eventTypes: ['maintenance.renewed' as const] };
  const create = () => dataOf(api.as(token).POST('/v1/webhook-endpoints', { body }));
  const { endpointId } = await create();
  const { deliveryId } = await dataOf(
    api.as(token).POST('/v1/webhook-endpoints/{endpointId}/test', { params: { path: { endpointId } } }),
  );
  await until(async () => {
    const { status } = await dataOf(
      api.as(token).GET('/v1/webhook-endpoints/{endpointId}/deliveries/{deliveryId}', {
        params: { path: { endpointId, deliveryId } },
      }),
    );
    return status === 'delivered';
  }, 'the test webhook is delivered');
  return { kept: { endpointId, deliveryId }, endpoints: await repeat(count, async () => (await create()).endpointId) };
}

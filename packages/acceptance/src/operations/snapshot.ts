import { type Api, dataOf } from '@smartserver/client';
import type {
  ContactPage,
  ControllerPage,
  CustomerPage,
  LicensePage,
  NotificationPage,
  WebhookEndpointPage,
} from '@smartserver/contracts';
import { until } from '../system/people.ts';
import type { Estate } from './estate.ts';

/** Everything that a partner and Customer Success can see of a partner, as the API shows it. Sizes stay below one page. */
export async function snapshot(api: Api, { partner, tokens }: Estate): Promise<Record<string, unknown>> {
  const seen: Record<string, unknown> = {};
  const look = async <T>(path: string, token = partner.token): Promise<T> => {
    const response = await fetch(new URL(path, api.baseUrl), { headers: { authorization: `Bearer ${token}` } });
    if (!response.ok) throw new Error(`${path} answered ${response.status}`);
    const body = (await response.json()) as T;
    seen[path] = body;
    return body;
  };
  const staff = tokens.staff ?? '';
  await look(`/v1/partners/${partner.partnerId}`, staff);
  await look(`/v1/partners/${partner.partnerId}/users?limit=200`, staff);
  await look('/v1/api-clients?limit=200');
  await look('/v1/transfers?limit=200');
  await look('/v1/offline-activations?limit=200');
  await look<NotificationPage>('/v1/notifications?limit=200');
  const endpoints = await look<WebhookEndpointPage>('/v1/webhook-endpoints?limit=200');
  for (const { endpointId } of endpoints.items) await look(`/v1/webhook-endpoints/${endpointId}/deliveries?limit=200`);
  const customers = await look<CustomerPage>('/v1/customers?limit=200');
  for (const { customerId } of customers.items) {
    await look(`/v1/customers/${customerId}`);
    await look<ContactPage>(`/v1/customers/${customerId}/contacts?limit=200`);
  }
  const licenses = await look<LicensePage>('/v1/licenses?limit=200');
  for (const { licenseId } of licenses.items) await look(`/v1/licenses/${licenseId}/history?limit=200`);
  const controllers = await look<ControllerPage>('/v1/controllers?limit=200');
  for (const { installCode } of controllers.items) {
    for (const part of ['', '/licenses', '/available-licenses', '/license-document']) {
      await look(`/v1/controllers/${installCode}${part}`);
    }
  }
  return seen;
}

/** Waits until all events about the estate have arrived everywhere, to the last e-mail: from then on only requests change it. */
export async function settled(api: Api, { partner }: Estate, emails: number): Promise<void> {
  const { token } = partner;
  await until(
    async () => {
      const { items } = await dataOf(api.as(token).GET('/v1/notifications', { params: { query: { limit: 200 } } }));
      return items.length >= emails && items.every((item) => item.outcome === 'sent');
    },
    `${emails} e-mails are sent`,
    60,
  );
  await until(async () => {
    const { items } = await dataOf(
      api.as(token).GET('/v1/licenses', { params: { query: { place: 'controller', limit: 200 } } }),
    );
    return items.length === 6;
  }, 'the partner sees the licenses on its controllers');
}

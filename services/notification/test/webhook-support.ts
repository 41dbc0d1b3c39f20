import type { EventPayloads, WebhookEventType } from '@smartserver/contracts';
import { systemIds } from '@smartserver/service-kit';
import { type Kysely, sql } from 'kysely';
import type { Tables } from '../src/model/tables.ts';
import { licenseChanged as maintenanceChanged } from './support.ts';

export const licenseChanged = (change: Partial<EventPayloads['license.changed.1']> = {}) =>
  maintenanceChanged({ note: 'Building 1', version: 3, ...change });

/** An endpoint as it stands in the table, without a secret that opens. @returns its id */
export const insertEndpoint = async (
  db: Kysely<Tables>,
  partnerId: string | null,
  change: { eventTypes?: WebhookEventType[]; enabled?: boolean; url?: string; sealedSecret?: string; id?: string } = {},
): Promise<string> => {
  const endpointId = change.id ?? systemIds.ordered();
  const enabled = change.enabled ?? true;
  await db
    .insertInto('webhook_endpoints')
    .values({
      endpoint_id: endpointId,
      partner_id: partnerId,
      url: change.url ?? 'https://integrator.example/hooks',
      description: '',
      event_types: change.eventTypes ?? [],
      enabled,
      disabled_reason: enabled ? null : 'owner',
      sealed_secret: change.sealedSecret ?? '',
      secret_created_at: new Date(),
      created_at: new Date(),
    })
    .execute();
  return endpointId;
};

export const emptyWebhooks = (db: Kysely<Tables>) =>
  sql`truncate webhook_endpoints, webhook_messages, webhook_deliveries, inbox, emails, customers,
    digest_settings`.execute(db);

/** The messages to an endpoint, oldest first. */
export const messagesTo = async (db: Kysely<Tables>, endpointId: string) => {
  const rows = await db
    .selectFrom('webhook_deliveries as d')
    .innerJoin('webhook_messages as m', 'm.message_id', 'd.message_id')
    .select(['m.payload'])
    .where('d.endpoint_id', '=', endpointId)
    .orderBy('m.message_id')
    .execute();
  return rows.map(({ payload }) => JSON.parse(payload) as { type: string; timestamp: string; data: unknown });
};

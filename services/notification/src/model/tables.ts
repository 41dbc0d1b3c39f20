import type { EventPayloads } from '@smartserver/contracts';
import type { KitTables } from '@smartserver/service-kit';
import type { ColumnType } from 'kysely';
import type { EmailsTable } from './email.ts';
import type { MaintenanceTermsTable } from './maintenance-term.ts';
import type { NoticesTable } from './notice.ts';
import type { DigestSettingsTable, NotificationSettingsTable } from './settings.ts';
import type { SignInEmailsTable } from './sign-in-email.ts';
import type { WebhookDeliveriesTable } from './webhook-delivery.ts';
import type { WebhookEndpointsTable } from './webhook-endpoint.ts';
import type { WebhookMessagesTable } from './webhook-message.ts';

/** A token bucket: how fast all processes together may send. */
interface PaceTable {
  name: string;
  tokens: number;
  updated_at: Date;
}

/** A customer/project as far as its events have arrived here. */
interface CustomersTable {
  customer_id: string;
  partner_id: string;
  name: string;
  contacts: ColumnType<EventPayloads['customer.changed.1']['contacts'], string, string>;
  version: number;
}

/** An address that gets no e-mails about maintenance. */
interface SilencesTable {
  /** Null: of the digests of Customer Success. */
  partner_id: string | null;
  /** Null: of the whole partner. */
  customer_id: string | null;
  /** In lower case. */
  email: string;
  reason: 'unsubscribed' | 'bounced';
  since: Date;
}

export interface Tables extends KitTables {
  notification_settings: NotificationSettingsTable;
  digest_settings: DigestSettingsTable;
  silences: SilencesTable;
  maintenance_terms: MaintenanceTermsTable;
  notices: NoticesTable;
  customers: CustomersTable;
  emails: EmailsTable;
  pace: PaceTable;
  partners: { partner_id: string; name: string; version: number };
  sign_in_emails: SignInEmailsTable;
  webhook_deliveries: WebhookDeliveriesTable;
  webhook_endpoints: WebhookEndpointsTable;
  webhook_messages: WebhookMessagesTable;
}

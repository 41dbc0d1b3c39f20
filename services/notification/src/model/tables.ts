import type { KitTables } from '@smartserver/service-kit';
import type { CustomersTable } from './customer.ts';
import type { EmailsTable } from './email.ts';
import type { MaintenanceTermsTable } from './maintenance-term.ts';
import type { NoticesTable } from './notice.ts';
import type { PartnersTable } from './partner.ts';
import type { DigestSettingsTable, NotificationSettingsTable } from './settings.ts';
import type { SignInEmailsTable } from './sign-in-email.ts';
import type { SilencesTable } from './silence.ts';
import type { WebhookDeliveriesTable } from './webhook-delivery.ts';
import type { WebhookEndpointsTable } from './webhook-endpoint.ts';
import type { WebhookMessagesTable } from './webhook-message.ts';

/** A token bucket: how fast all processes together may send. */
interface PaceTable {
  name: string;
  tokens: number;
  updated_at: Date;
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
  partners: PartnersTable;
  sign_in_emails: SignInEmailsTable;
  webhook_deliveries: WebhookDeliveriesTable;
  webhook_endpoints: WebhookEndpointsTable;
  webhook_messages: WebhookMessagesTable;
}

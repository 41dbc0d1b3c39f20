import type {
  Language,
  LicenseStanding,
  NotificationOutcome,
  NotificationSubject,
  WebhookDeliveryStatus,
  WebhookEndpoint,
  WebhookEventType,
} from '@smartserver/contracts';
import type { Database, KitTables } from '@smartserver/service-kit';
import type { ColumnType, Generated, Selectable } from 'kysely';
import type { Contact } from './customers/customer.ts';

interface CustomersTable {
  customer_id: string;
  partner_id: string;
  name: string;
  contacts: ColumnType<Contact[], string, string>;
  version: number;
}

/** Who is told, when and in which language. */
interface TellingColumns {
  recipients: string[];
  thresholds: number[];
  expirations: boolean;
  renewals: boolean;
  language: Language;
  version: number;
}

interface NotificationSettingsTable extends TellingColumns {
  partner_id: string;
  customer_id: string;
  contacts: boolean;
}

interface DigestSettingsTable extends TellingColumns {
  /** Null: Customer Success's. */
  partner_id: string | null;
  /** `YYYY-MM-DD`, read as `told_through::text`. */
  told_through: ColumnType<never, string, string>;
}

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

interface NoticesTable {
  /** Null: in an e-mail of Customer Success. */
  partner_id: string | null;
  license_id: string;
  expires_at: Date;
  /** Null: that it was renewed. */
  threshold: number | null;
  recipient: string;
  audience: 'account' | 'partner' | 'staff';
  customer_id: string;
  recipient_name: string;
  language: Language;
  device_count: number;
  email_id: string | null;
  void: Generated<boolean>;
}

interface EmailsTable {
  /** Null: about several accounts. */
  customer_id: string | null;
  /** UUIDv7: the order of lists. */
  email_id: string;
  /** Null: about several partners. */
  partner_id: string | null;
  /** Of a notice: the e-mail's own id. */
  event_id: string;
  subject: NotificationSubject;
  recipient: string;
  recipient_name: string;
  language: Language;
  /** With its angle brackets, as it goes into the header. */
  message_id: string;
  headline: string;
  body_text: string;
  body_html: string;
  outcome: Generated<NotificationOutcome>;
  /** How often it was taken for sending: also tells one lease from the next. */
  attempts: Generated<number>;
  /** How often the mail server said "not now" to this very e-mail (4xx). */
  deferrals: Generated<number>;
  /** While it is being sent: when the lease ends. */
  next_attempt_at: Date;
  failure: string | null;
  created_at: Date;
  sent_at: Date | null;
}

interface SignInEmailsTable {
  /** Id of the event that asked for it. */
  email_id: string;
  challenge_id: string;
  sealed: string;
  expires_at: Date;
  attempts: Generated<number>;
  deferrals: Generated<number>;
  next_attempt_at: Date;
}

interface MaintenanceTermsTable {
  partner_id: string;
  customer_id: string | null;
  license_id: string;
  /** Of the license service; 0: not heard of it. */
  version: Generated<number>;
  device_count: number;
  renews: string | null;
  standing: Generated<LicenseStanding>;
  /** What a split has handed on. */
  first_activated_at: Date | null;
  /** Of the activation service; 0: never moved, as far as is known. */
  activation_version: Generated<number>;
  install_code: string | null;
  segment_name: string | null;
  first_moved_at: Date | null;
  starts_at: Date | null;
  expires_at: Date | null;
  /** `YYYY-MM-DD`, read as `next_notice_on::text`. */
  next_notice_on: ColumnType<never, string | null | undefined, string | null>;
  /** Of a renewal: whether its beginning was told. */
  renewal: Generated<'untold' | 'due' | 'told'>;
}

interface PartnersTable {
  partner_id: string;
  name: string;
  version: number;
}

interface WebhookEndpointsTable {
  /** UUIDv7: the order of lists. */
  endpoint_id: string;
  /** Null: Customer Success's own. */
  partner_id: string | null;
  url: string;
  description: string;
  event_types: WebhookEventType[];
  notify_email: string | null;
  enabled: Generated<boolean>;
  disabled_reason: WebhookEndpoint['disabledReason'];
  sealed_secret: string;
  secret_created_at: Date;
  previous_sealed_secret: string | null;
  previous_secret_expires_at: Date | null;
  failing_since: Date | null;
  failed_attempts: Generated<number>;
  version: Generated<number>;
  created_at: Date;
}

export type WebhookEndpointRow = Selectable<WebhookEndpointsTable>;

interface WebhookMessagesTable {
  /** UUIDv7: the order of lists. */
  message_id: string;
  type: WebhookEventType | 'test';
  payload: string;
  dedupe_key: string;
  created_at: Date;
}

interface WebhookDeliveriesTable {
  endpoint_id: string;
  message_id: string;
  status: Generated<WebhookDeliveryStatus>;
  attempts: Generated<number>;
  failures: Generated<number>;
  next_attempt_at: Date;
  response_status: number | null;
  failure: string | null;
  created_at: Date;
  delivered_at: Date | null;
}

export interface NotificationTables extends KitTables {
  notification_settings: NotificationSettingsTable;
  digest_settings: DigestSettingsTable;
  silences: SilencesTable;
  maintenance_terms: MaintenanceTermsTable;
  notices: NoticesTable;
  customers: CustomersTable;
  emails: EmailsTable;
  partners: PartnersTable;
  sign_in_emails: SignInEmailsTable;
  webhook_deliveries: WebhookDeliveriesTable;
  webhook_endpoints: WebhookEndpointsTable;
  webhook_messages: WebhookMessagesTable;
}

export type NotificationDatabase = Database<NotificationTables>;

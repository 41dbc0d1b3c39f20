import type { Language, LicenseStanding, NotificationOutcome, NotificationSubject } from '@smartserver/contracts';
import type { KitTables } from '@smartserver/service-kit';
import type { ColumnType, Generated } from 'kysely';
import type { Contact } from './customers/customer.ts';

interface CustomersTable {
  customer_id: string;
  partner_id: string;
  name: string;
  contacts: ColumnType<Contact[], string, string>;
  version: number;
}

interface EmailsTable {
  customer_id: string;
  /** UUIDv7: the order of lists. */
  email_id: string;
  partner_id: string;
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
  /** `YYYY-MM-DD`. */
  next_notice_on: string | null;
}

export interface NotificationTables extends KitTables {
  maintenance_terms: MaintenanceTermsTable;
  customers: CustomersTable;
  emails: EmailsTable;
  sign_in_emails: SignInEmailsTable;
}

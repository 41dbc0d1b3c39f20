import type { Language, NotificationOutcome, NotificationSubject } from '@smartserver/contracts';
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

export interface NotificationTables extends KitTables {
  customers: CustomersTable;
  emails: EmailsTable;
  sign_in_emails: SignInEmailsTable;
}

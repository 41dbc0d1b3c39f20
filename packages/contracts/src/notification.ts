import type { EmailAddress, Language } from './account.ts';
import type { Instant, Uuid } from './common.ts';

export type NotificationSubject =
  | 'licenses_transferred'
  | 'licenses_activated'
  | 'controller_relinked'
  | 'maintenance_expiring'
  | 'maintenance_renewed'
  | 'notification_test'
  | 'webhook_disabled';

/**
 * `scheduled`: not written yet; will be, on its day, if nothing changes. `pending`: not sent yet, and still tried. `failed`: the mail
 * server refused it for good. `bounced`: it was sent, and came back. `cancelled`: it was no longer true before it could be sent.
 */
export type NotificationOutcome = 'scheduled' | 'pending' | 'sent' | 'failed' | 'bounced' | 'cancelled';

/** An e-mail that was or will be sent. */
export type Notification = {
  /** Null while it is scheduled: the e-mail does not exist yet. */
  notificationId: Uuid | null;
  subject: NotificationSubject;
  /** Null in a digest of Customer Success. */
  partnerId: Uuid | null;
  /** Null where it is about several customers/projects, and of a digest that was sent to a partner or to Customer Success. */
  customerId: Uuid | null;
  /** Of a scheduled one: the license that it will be about; it may share its e-mail with others. */
  licenseId: Uuid | null;
  /** When it is due, or was. */
  dueAt: Instant;
  recipient: string;
  outcome: NotificationOutcome;
  /** What the mail server last objected to, or why it could not be reached; null when all is well. */
  failure: string | null;
  /** Null while it is scheduled. */
  createdAt: Instant | null;
  sentAt: Instant | null;
};

export type NotificationPage = { items: Notification[]; nextCursor: string | null };

/**
 * Days before expiry; 0 is the day itself.
 * @isInt
 * @minimum 0
 * @maximum 730
 */
export type ThresholdDays = number;

/** Who is told, when and in which language (rule 11). */
export type PutNotificationSettingsRequest = {
  /** Whether the contacts of the customer/project are told, each in its own language. */
  contacts: boolean;
  /**
   * Further addresses that are told.
   * @maxItems 50
   * @uniqueItems true
   */
  recipients: EmailAddress[];
  /**
   * When maintenance is about to expire.
   * @maxItems 20
   * @uniqueItems true
   */
  thresholds: ThresholdDays[];
  /** Tell of maintenance that is about to expire. */
  expirations: boolean;
  /** Tell of maintenance that was renewed. */
  renewals: boolean;
  /** Of the further addresses. */
  language: Language;
};

export type SilencedAddress = { email: string; reason: 'unsubscribed' | 'bounced'; since: Instant };

export type NotificationSettings = {
  customerId: Uuid;
  contacts: boolean;
  recipients: EmailAddress[];
  thresholds: ThresholdDays[];
  expirations: boolean;
  renewals: boolean;
  language: Language;
  /** Addresses that have unsubscribed or cannot be reached: they are told nothing. */
  silenced: SilencedAddress[];
  /** @isInt */
  version: number;
};

/** To whom a test e-mail goes: those who would be told. */
export type NotificationTest = { recipients: string[] };

/** Digests of a partner about all its customers/projects, or of Customer Success about all partners. */
export type PutDigestSettingsRequest = {
  /**
   * @maxItems 50
   * @uniqueItems true
   */
  recipients: EmailAddress[];
  /**
   * @maxItems 20
   * @uniqueItems true
   */
  thresholds: ThresholdDays[];
  expirations: boolean;
  renewals: boolean;
  language: Language;
};

export type DigestSettings = {
  /** Null: those of Customer Success. */
  partnerId: Uuid | null;
  recipients: EmailAddress[];
  thresholds: ThresholdDays[];
  expirations: boolean;
  renewals: boolean;
  language: Language;
  silenced: SilencedAddress[];
  /** @isInt */
  version: number;
};

/** Default thresholds of rule 11, in days. */
export const DEFAULT_THRESHOLDS: readonly number[] = [90, 60, 30, 7, 1, 0];

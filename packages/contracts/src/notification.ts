import type { EmailAddress, Language } from './account.ts';
import type { Instant, Uuid } from './common.ts';

export type NotificationSubject = 'licenses_transferred' | 'licenses_activated' | 'controller_relinked';

/** `failed`: the mail server refused it for good. `pending`: not sent yet, and still tried. */
export type NotificationOutcome = 'pending' | 'sent' | 'failed';

/** An e-mail that was or will be sent. */
export type Notification = {
  notificationId: Uuid;
  subject: NotificationSubject;
  partnerId: Uuid;
  customerId: Uuid;
  recipient: string;
  outcome: NotificationOutcome;
  /** What the mail server last objected to, or why it could not be reached; null when all is well. */
  failure: string | null;
  createdAt: Instant;
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

export type NotificationSettings = PutNotificationSettingsRequest & {
  customerId: Uuid;
  /** Addresses that have unsubscribed or cannot be reached: they are told nothing. */
  silenced: { email: string; reason: 'unsubscribed' | 'bounced'; since: Instant }[];
  /** @isInt */
  version: number;
};

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

export type DigestSettings = PutDigestSettingsRequest & {
  /** Null: those of Customer Success. */
  partnerId: Uuid | null;
  silenced: { email: string; reason: 'unsubscribed' | 'bounced'; since: Instant }[];
  /** @isInt */
  version: number;
};

/** Default thresholds of rule 11, in days. */
export const DEFAULT_THRESHOLDS: readonly number[] = [90, 60, 30, 7, 1, 0];

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

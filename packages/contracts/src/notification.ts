import type { Instant, Uuid } from './common.ts';

export type NotificationSubject = 'licenses_transferred' | 'licenses_activated' | 'controller_relinked';

/** An e-mail that was or will be sent. */
export type Notification = {
  notificationId: Uuid;
  subject: NotificationSubject;
  partnerId: Uuid;
  customerId: Uuid;
  recipient: string;
  outcome: 'pending' | 'sent' | 'failed';
  createdAt: Instant;
  sentAt: Instant | null;
};

export type NotificationPage = { items: Notification[]; nextCursor: string | null };

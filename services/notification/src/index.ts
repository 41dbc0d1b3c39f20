/** The notification service: e-mails to the contacts of customers/projects. */
export { type NotificationConfig, notificationConfig } from './config.ts';
export type { NotificationDatabase } from './db.ts';
export { notificationMigrations } from './migrations.ts';
export { runNotices } from './notices/notice-run-service.ts';
export { startNotification } from './wire.ts';

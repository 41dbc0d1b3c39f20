/** The notification service: e-mails to the contacts of customers/projects. */
export { type NotificationConfig, notificationConfig } from './config.ts';
export { notificationMigrations } from './migrations.ts';
export { startNotification } from './wire.ts';

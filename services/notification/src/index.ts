/** The notification service: e-mails to the contacts of customers/projects. */
export { type NotificationConfig, notificationConfig } from './config.ts';
export { notificationMigrations } from './migrations.ts';
export { type NotificationDeps, startNotification } from './wire.ts';

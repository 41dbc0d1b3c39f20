/** The notification service: e-mails to the contacts of customers/projects. */
import type { Database } from '@smartserver/service-kit';
import type { Tables } from './model/tables.ts';

export { type NotificationConfig, notificationConfig } from './config.ts';

export { notificationMigrations } from './migrations.ts';
export { runNotices } from './run-notices/run.ts';
export { startNotification } from './wire.ts';

export type NotificationDatabase = Database<Tables>;

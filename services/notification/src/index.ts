/** The notification service: e-mails to the contacts of customers/projects, sign-in codes, and webhooks. */
export type { Tables as NotificationTables } from './model/tables.ts';
export { runNotices } from './run-notices/run.ts';
export { notification } from './service.ts';

import { serviceMain } from '@smartserver/service-kit';
import { notificationConfig } from './config.ts';
import { notificationMigrations } from './migrations.ts';
import { startNotification } from './wire.ts';

await serviceMain({
  name: 'notification',
  migrations: notificationMigrations,
  config: notificationConfig,
  start: startNotification,
});

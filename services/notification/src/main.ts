import { buffer } from 'node:stream/consumers';
import { formerServiceMain } from '@smartserver/service-kit';
import { recordBounce } from './commands.ts';
import { notificationConfig } from './config.ts';
import { notificationMigrations } from './migrations.ts';
import { startNotification } from './wire.ts';

const BOUNCE_RESULTS = {
  recorded: 'The e-mail is marked as bounced.',
  unknown: 'It is about no e-mail that was sent from here; nothing was changed.',
  no_report: 'It is no report of a permanent failure; nothing was changed.',
} as const;

await formerServiceMain({
  name: 'notification',
  migrations: notificationMigrations,
  config: notificationConfig,
  start: startNotification,
  commands: {
    async bounce() {
      console.log(BOUNCE_RESULTS[await recordBounce(process.env, await buffer(process.stdin))]);
    },
  },
});

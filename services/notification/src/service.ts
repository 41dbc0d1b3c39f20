import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { defineService } from '@smartserver/service-kit';
import { recordBounce } from './bounces/record.ts';
import { config } from './config.ts';
import { openDeps } from './deps.ts';
import { DigestSettingsRoutes } from './digest-settings/route.ts';
import { eventHandlers } from './events.ts';
import { operations } from './generated/operations.ts';
import { NotificationSettingsRoutes } from './notification-settings/route.ts';
import { NotificationsRoutes } from './notifications/route.ts';
import { runNotices } from './run-notices/run.ts';
import { registerFormParser } from './unsubscribe/form-parser.plugin.ts';
import { UnsubscriptionsRoutes } from './unsubscribe/route.ts';
import { pruneDeliveries } from './webhook-deliveries/prune.ts';
import { WebhookDeliveriesRoutes } from './webhook-deliveries/route.ts';
import { WebhookEndpointsRoutes } from './webhook-endpoints/route.ts';

/** E-mails to the contacts of customers/projects, notices of maintenance, sign-in codes, and webhooks. */
export const notification = defineService({
  name: 'notification',
  config,
  migrations: join(import.meta.dirname, '../migrations'),
  operations,
  routes: [
    DigestSettingsRoutes,
    NotificationSettingsRoutes,
    NotificationsRoutes,
    UnsubscriptionsRoutes,
    WebhookDeliveriesRoutes,
    WebhookEndpointsRoutes,
  ],
  server: () => ({ plugins: registerFormParser }),
  publishes: false,
  deps: openDeps,
  handlers: eventHandlers,
  // Ready without the mail server, too: what is to be sent waits for it, and the API answers without it.
  workers: ({ senders }) => [senders],
  jobs: (deps) => [
    { name: 'notices', everySeconds: deps.noticeEverySeconds, run: () => runNotices(deps), shared: true },
    { name: 'prune', everySeconds: 600, run: () => pruneDeliveries(deps) },
  ],
  commands: [
    {
      name: 'bounce',
      summary: 'take in, from standard input, what a mail server reports that it could not deliver; needs DATABASE_URL',
      run: async (base) => {
        console.log(BOUNCE_RESULTS[await recordBounce(base, await buffer(process.stdin))]);
      },
    },
  ],
});

const BOUNCE_RESULTS = {
  recorded: 'The e-mail is marked as bounced.',
  unknown: 'It is about no e-mail that was sent from here; nothing was changed.',
  no_report: 'It is no report of a permanent failure; nothing was changed.',
} as const;

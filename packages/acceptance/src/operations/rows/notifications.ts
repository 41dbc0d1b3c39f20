import type { ActorName } from '../actors.ts';
import { ANY_VERSION, ANYONE, plain, READERS, type Row, WRITERS } from './row.ts';

const SETTINGS_READERS: readonly ActorName[] = [...READERS, 'cms'];
const SETTINGS_WRITERS: readonly ActorName[] = [...WRITERS, 'cms'];

const digests = () => ({ recipients: ['service@integrator.example'], thresholds: [30], ...SWITCHES });
const SWITCHES = { expirations: true, renewals: true, language: 'en' };

/** The link alone is the permission: anyone may have it. One that was not made here leads nowhere, for all alike. */
const unsubscriptionRow = (operationId: string): Row => ({
  operationId,
  allowed: ANYONE,
  cases: [
    {
      about: 'path/token',
      missing: 'not_found',
      targets: ['unknown'],
      request: ({ customerId }) => ({ path: { token: `${customerId.replaceAll('-', '')}${'A'.repeat(22)}` } }),
    },
  ],
});

/** Notifications, and who is notified of what. */
export const notificationRows: Row[] = [
  {
    operationId: 'listNotifications',
    allowed: SETTINGS_READERS,
    cases: [
      plain(() => ({ query: { limit: '200' } })),
      { about: 'query/customerId', missing: 'empty', request: ({ customerId }) => ({ query: { customerId } }) },
      // What will be sent is found in other tables.
      plain(() => ({ query: { limit: '200', outcome: 'scheduled' } })),
      {
        about: 'query/customerId',
        missing: 'empty',
        request: ({ customerId }) => ({ query: { customerId, outcome: 'scheduled' } }),
      },
    ],
  },
  {
    operationId: 'getNotificationSettings',
    allowed: SETTINGS_READERS,
    cases: [
      {
        about: 'path/customerId',
        missing: 'customer_not_found',
        request: ({ customerId }) => ({ path: { customerId } }),
      },
    ],
  },
  {
    operationId: 'putNotificationSettings',
    allowed: SETTINGS_WRITERS,
    cases: [
      {
        about: 'path/customerId',
        missing: 'customer_not_found',
        request: ({ customerId }) => ({
          path: { customerId },
          headers: ANY_VERSION,
          body: { contacts: true, recipients: [], thresholds: [90, 30], ...SWITCHES },
        }),
      },
    ],
  },
  {
    operationId: 'testNotificationSettings',
    allowed: SETTINGS_WRITERS,
    cases: [
      {
        about: 'path/customerId',
        missing: 'customer_not_found',
        request: ({ customerId }) => ({ path: { customerId } }),
      },
    ],
  },
  {
    operationId: 'getDigestSettings',
    allowed: READERS,
    cases: [
      {
        about: 'query/partnerId',
        missing: 'partner_not_found',
        request: ({ partnerId }) => ({ query: { partnerId } }),
      },
    ],
  },
  {
    operationId: 'putDigestSettings',
    allowed: WRITERS,
    cases: [
      {
        about: 'query/partnerId',
        missing: 'partner_not_found',
        request: ({ partnerId }) => ({ query: { partnerId }, headers: ANY_VERSION, body: digests() }),
      },
    ],
  },
  ...['getUnsubscription', 'createUnsubscription', 'undoUnsubscription'].map(unsubscriptionRow),
];

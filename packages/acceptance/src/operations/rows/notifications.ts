import type { ActorName } from '../actors.ts';
import { ANY_VERSION, plain, READERS, type Row, WRITERS } from './row.ts';

const SETTINGS_READERS: readonly ActorName[] = [...READERS, 'cms'];
const SETTINGS_WRITERS: readonly ActorName[] = [...WRITERS, 'cms'];

const digests = () => ({ recipients: ['service@integrator.example'], thresholds: [30], ...SWITCHES });
const SWITCHES = { expirations: true, renewals: true, language: 'en' };

/** Notifications, and who is told of what. */
export const notificationRows: Row[] = [
  {
    operationId: 'listNotifications',
    allowed: SETTINGS_READERS,
    cases: [
      plain(() => ({ query: { limit: '200' } })),
      { about: 'query/customerId', missing: 'empty', request: ({ customerId }) => ({ query: { customerId } }) },
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
];

import type { ActorName } from '../actors.ts';
import { plain, READERS, type Row } from './row.ts';

const SETTINGS_READERS: readonly ActorName[] = [...READERS, 'cms'];

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
];

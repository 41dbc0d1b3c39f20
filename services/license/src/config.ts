import { type ConfigOf, count } from '@smartserver/service-kit';

/** Environment variables of the service's own. */
export const config = {
  EXPIRING_WITHIN_DAYS: count({ default: 90, desc: 'Days before its expiry from which a license shows as expiring' }),
};

export type Config = ConfigOf<typeof config>;

import { type ConfigOf, integer } from '@smartserver/service-kit';
import type { ValidatorSpec } from 'envalid';

const days = integer({ min: 0, max: 99_999 });

/** Environment variables of the service's own. */
export const config: Record<'EXPIRING_WITHIN_DAYS', ValidatorSpec<number>> = {
  EXPIRING_WITHIN_DAYS: days({ default: 90, desc: 'Days before its expiry from which a license shows as expiring' }),
};

export type Config = ConfigOf<typeof config>;

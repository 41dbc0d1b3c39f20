import { type BaseDeps, type ConfigOf, count, type ServiceBase } from '@smartserver/service-kit';
import type { LicenseTables } from './model/tables.ts';

/** Environment variables of the service's own. */
export const config = {
  EXPIRING_WITHIN_DAYS: count({ default: 90, desc: 'Days before its expiry from which a license shows as expiring' }),
};

/** What every use case gets. */
export type Deps = BaseDeps<LicenseTables> & { expiringWithinDays: number };

export const openDeps = (base: ServiceBase<LicenseTables, ConfigOf<typeof config>>): Deps => ({
  ...base,
  expiringWithinDays: base.config.EXPIRING_WITHIN_DAYS,
});

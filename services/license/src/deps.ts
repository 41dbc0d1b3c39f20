import type { BaseDeps, ServiceBase } from '@smartserver/service-kit';
import type { Config } from './config.ts';
import type { LicenseTables } from './model/tables.ts';

/** What every use case gets. */
export type Deps = BaseDeps<LicenseTables> & { expiringWithinDays: number };

export const openDeps = (base: ServiceBase<LicenseTables, Config>): Deps => ({
  ...base,
  expiringWithinDays: base.config.EXPIRING_WITHIN_DAYS,
});

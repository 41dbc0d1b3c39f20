/** The license service: purchases, licenses, transfers, take-backs and splits, Customer Success's control. */
export { type LicenseConfig, licenseConfig } from './config.ts';
export { licenseMigrations } from './migrations.ts';
export { startLicense } from './wire.ts';

/** The license service: purchases, licenses, transfers, take-backs and splits, Customer Success's control. */
export { replay as replayLicenses } from './commands.ts';
export { type LicenseConfig, licenseConfig } from './config.ts';
export { licenseMigrations } from './migrations.ts';
export { startLicense } from './wire.ts';

/** Licensing rules that the cloud and the controller must compute alike. Pure: no clock, no I/O, no imports outward. */
export { type CoverageFacts, coverage } from './coverage.ts';
export { splitDeviceCounts } from './device-counts.ts';
export { normalizeInstallCode } from './install-code.ts';
export { type LicenseFacts, type MaintenanceState, maintenanceState } from './maintenance.ts';
export { supportUntil } from './support.ts';
export { addYears, type LicenseStatus, licenseStatus, type MaintenanceLink, maintenanceTerm } from './terms.ts';
export { type ReleaseClass, type UpgradeDecision, type UpgradeReason, upgradeDecision } from './upgrades.ts';
export { compareVersions, parseVersion, type SmartServerVersion, versionKey } from './versions.ts';

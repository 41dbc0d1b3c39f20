/** Licensing rules that the cloud and the controller must compute alike. Pure: no clock, no I/O, no imports outward. */
export { splitDeviceCounts } from './device-counts.ts';
export { normalizeInstallCode } from './install-code.ts';
export { addYears, type LicenseStatus, licenseStatus, type MaintenanceLink, maintenanceTerm } from './terms.ts';

/** The SmartServer side of license management: device key, license store, cloud client and command line. */
export { runCms, thisMachine } from './cli/run.ts';
export type { Terminal } from './cli/terminal.ts';
export { apiOf, brief, type Machine, type Patience, patient } from './cloud/api.ts';
export { Cloud } from './cloud/cloud.ts';
export { type Identity, type OpenSession, openSession } from './cloud/session.ts';
export { ensureDeviceKey, readDeviceKey, requireDeviceKey } from './folder/device-key.ts';
export { DocumentStore, type StoredDocument, type Trust } from './folder/document-store.ts';
export { LicenseStore, type StoredLicenses } from './folder/license-store.ts';
export type { OfflineReturn } from './folder/offline-returns.ts';
export { type ChangeRequest, RequestKeys } from './folder/request-keys.ts';
export { type CloudSettings, readSettings, type Settings, writeSettings } from './folder/settings.ts';
export { judgedTime } from './folder/time.ts';
export { type OfflineCoverage, offlineCoverage, offlineUpgradeCheck } from './maintenance/offline.ts';
export { CmsProblem } from './problem.ts';

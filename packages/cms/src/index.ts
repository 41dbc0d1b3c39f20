/** The SmartServer side of license management: device key, license store, cloud client and command line. */
export { runCms, thisMachine } from './cli/run.ts';
export type { Terminal } from './cli/terminal.ts';
export { apiOf, brief, type Machine, type Patience, patient } from './cloud/api.ts';
export { Cloud } from './cloud/cloud.ts';
export { type Identity, type OpenSession, openSession } from './cloud/session.ts';
export { ensureDeviceKey, readDeviceKey } from './folder/device-key.ts';
export { DocumentStore, type Trust } from './folder/document-store.ts';
export { type ChangeRequest, RequestKeys } from './folder/request-keys.ts';
export { readSettings, type Settings, writeSettings } from './folder/settings.ts';
export { CmsProblem } from './problem.ts';

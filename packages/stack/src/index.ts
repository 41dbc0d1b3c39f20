export type { StackSecrets } from './data-folder.ts';
export { newStackSecrets } from './data-folder.ts';
export { type DatabaseName, provisionDatabases } from './databases.ts';
export { freePort, type LaunchedServices, type LaunchOptions, launchServices, migrateAll } from './services/launch.ts';
export { ManagedProcess } from './services/managed-process.ts';

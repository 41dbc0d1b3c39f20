export { ConfigError, loadConfig } from './load.ts';
export { count, databaseAddress, httpAddress, queueAddress, serviceConfig } from './service-config.ts';

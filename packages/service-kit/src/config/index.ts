export { ConfigError, loadConfig } from './load.ts';
export { serviceConfig } from './service-config.ts';

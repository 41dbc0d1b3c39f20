export { ConfigError, loadConfig } from './load.ts';
export {
  count,
  databaseAddress,
  httpAddress,
  mailSealKey,
  queueAddress,
  secretKey,
  serviceConfig,
} from './service-config.ts';

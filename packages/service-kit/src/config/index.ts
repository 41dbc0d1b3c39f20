export { ConfigError, loadConfig } from './load.ts';
export { mailSealKey, serviceConfig } from './service-config.ts';
export {
  count,
  DEVELOPMENT_KEY,
  databaseAddress,
  domain,
  hour,
  httpAddress,
  integer,
  listOf,
  networks,
  origins,
  pem,
  queueAddress,
  redisAddress,
  secretKey,
  smtpAddress,
  url,
} from './validators.ts';

import { loadConfig, serviceConfig } from '@smartserver/service-kit';
import { makeValidator } from 'envalid';

const days = makeValidator<number>((text) => {
  const value = Number(text);
  if (!/^\d{1,5}$/.test(text)) throw new TypeError('not a number of days');
  return value;
});

const spec = {
  ...serviceConfig,
  EXPIRING_WITHIN_DAYS: days({ default: 90, desc: 'Days before its expiry from which a license shows as expiring' }),
};

const { NODE_ENV, LOG_LEVEL, DATABASE_URL, DATABASE_POOL_SIZE } = serviceConfig;

/** Configuration of the license service. */
export type LicenseConfig = ReturnType<typeof licenseConfig>;

/** @throws ConfigError that names every faulty variable */
export const licenseConfig = (env: NodeJS.ProcessEnv) => loadConfig(env, spec);

/** The part of the configuration that commands read. @throws ConfigError that names every faulty variable */
export const commandConfig = (env: NodeJS.ProcessEnv) =>
  loadConfig(env, { NODE_ENV, LOG_LEVEL, DATABASE_URL, DATABASE_POOL_SIZE });

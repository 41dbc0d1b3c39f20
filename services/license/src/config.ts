import { loadConfig, serviceConfig } from '@smartserver/service-kit';
import { makeValidator } from 'envalid';

const days = makeValidator<number>((text) => {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value) || value < 0) throw new TypeError('not a number of days');
  return value;
});

const spec = {
  ...serviceConfig,
  EXPIRING_WITHIN_DAYS: days({ default: 90, desc: 'Days before its expiry from which a license shows as expiring' }),
};

/** Environment of this service, parsed once. */
export type LicenseConfig = ReturnType<typeof readConfig>;

/** @throws ConfigError that names every faulty variable */
export const readConfig = (env: NodeJS.ProcessEnv) => loadConfig(env, spec);

/** What a migration needs: the database alone. */
export const readMigrationConfig = (env: NodeJS.ProcessEnv) =>
  loadConfig(env, { DATABASE_URL: serviceConfig.DATABASE_URL });

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

/** Configuration of the license service. */
export type LicenseConfig = ReturnType<typeof licenseConfig>;

/** @throws ConfigError that names every faulty variable */
export const licenseConfig = (env: NodeJS.ProcessEnv) => loadConfig(env, spec);

import { loadConfig, mailSealKey, secretKey, serviceConfig } from '@smartserver/service-kit';
import { makeValidator } from 'envalid';

const networks = makeValidator<readonly string[]>((text) => {
  const items = text.split(',').map((item) => item.trim());
  const isNetwork = (item: string) => /^([0-9a-f.:]+(\/\d{1,3})?|loopback|linklocal|uniquelocal)$/i.test(item);
  if (!items.every(isNetwork)) throw new TypeError('not a list of networks');
  return items;
});

const { NODE_ENV, LOG_LEVEL, DATABASE_URL, DATABASE_POOL_SIZE, HOST, PORT, QUEUE_URL } = serviceConfig;

/** What the commands need, too: they listen to nobody and send nothing. */
const baseSpec = {
  NODE_ENV,
  LOG_LEVEL,
  DATABASE_URL,
  DATABASE_POOL_SIZE,
  ACCOUNT_SECRET_KEY: secretKey({
    desc: 'Encrypts the secrets in the database and derives those that are shown: 32 random bytes in base64. Lost, nobody can sign in',
    example: 'openssl rand -base64 32',
  }),
};

const spec = {
  ...baseSpec,
  HOST,
  PORT,
  QUEUE_URL,
  MAIL_SEAL_KEY: mailSealKey,
  TRUSTED_PROXIES: networks({
    default: ['loopback', 'uniquelocal'],
    desc: 'Whose X-Forwarded-For counts, as the gateway’s: addresses, networks, by comma',
  }),
};

/**
 * Configuration of the account service. ACCOUNT_SECRET_KEY has no default: one that everybody knows protects nothing. In
 * production MAIL_SEAL_KEY must be given, too.
 */
export type AccountConfig = ReturnType<typeof accountConfig>;
export type CommandConfig = ReturnType<typeof commandConfig>;

/** @throws ConfigError that names every faulty variable */
export const accountConfig = (env: NodeJS.ProcessEnv) =>
  // Without it, envalid would take an unset NODE_ENV for production when it looks for defaults.
  loadConfig({ NODE_ENV: 'development', ...env }, spec);

/** The part of the configuration that commands read. @throws ConfigError that names every faulty variable */
export const commandConfig = (env: NodeJS.ProcessEnv) => loadConfig(env, baseSpec);

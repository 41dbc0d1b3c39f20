import { loadConfig, serviceConfig } from '@smartserver/service-kit';
import { makeValidator } from 'envalid';

const KEY_BYTES = 32;

const secretKey = makeValidator<Buffer>((text) => {
  const key = Buffer.from(text, 'base64');
  if (key.length !== KEY_BYTES || key.toString('base64') !== text) throw new TypeError('not 32 bytes in base64');
  return key;
});

const networks = makeValidator<readonly string[]>((text) => {
  const items = text.split(',').map((item) => item.trim());
  const isNetwork = (item: string) => /^([0-9a-f.:]+(\/\d{1,3})?|loopback|linklocal|uniquelocal)$/i.test(item);
  if (!items.every(isNetwork)) throw new TypeError('not a list of networks');
  return items;
});

// Account publishes the token keys: it needs no address to fetch them from.
const { JWKS_URL: _, ...common } = serviceConfig;

const spec = {
  ...common,
  ACCOUNT_SECRET_KEY: secretKey({
    desc: 'What secrets in the database are encrypted with and derived from: 32 random bytes in base64. Without it nobody can sign in again',
    example: 'openssl rand -base64 32',
  }),
  TRUSTED_PROXIES: networks({
    default: ['loopback', 'uniquelocal'],
    desc: 'Whose X-Forwarded-For counts, as the gateway’s: addresses, networks, by comma',
  }),
};

/** Configuration of the account service. ACCOUNT_SECRET_KEY has no default: one that everybody knows protects nothing. */
export type AccountConfig = ReturnType<typeof accountConfig>;

/** @throws ConfigError that names every faulty variable */
export const accountConfig = (env: NodeJS.ProcessEnv) => loadConfig(env, spec);

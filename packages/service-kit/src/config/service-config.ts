import { host, port, str } from 'envalid';
import { LOG_LEVELS } from '../logger.ts';
import { count, DEVELOPMENT_KEY, databaseAddress, httpAddress, queueAddress, secretKey } from './validators.ts';

/** MAIL_SEAL_KEY, of the two services that share sealed messages. */
export const mailSealKey = secretKey({
  devDefault: DEVELOPMENT_KEY,
  desc: 'Seals sign-in codes on their way from account to notification: 32 random bytes in base64, the same for both',
  example: 'openssl rand -base64 32',
});

/** What every service reads from its environment; a service adds its own. */
export const serviceConfig = {
  NODE_ENV: str({
    choices: ['production', 'development', 'test'],
    default: 'development',
    desc: 'Kind of installation; unset, development on loopback and production with any other HOST',
  }),
  HOST: host({ default: '127.0.0.1', desc: 'Address to listen on' }),
  PORT: port({ desc: 'Port to listen on' }),
  LOG_LEVEL: str({ choices: LOG_LEVELS, default: 'info', desc: 'Least level that is logged' }),
  DATABASE_URL: databaseAddress({
    desc: 'The database of this service',
    example: 'postgres://user:password@host/name',
  }),
  DATABASE_POOL_SIZE: count({ default: 10, desc: 'Database connections of this process' }),
  QUEUE_URL: queueAddress({ desc: 'Where messages travel: redis://, rediss:// or postgres://' }),
  JWKS_URL: httpAddress({ desc: 'Where account publishes the keys that access tokens are signed with' }),
};

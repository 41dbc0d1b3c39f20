import { host, makeValidator, port, str } from 'envalid';
import { LOG_LEVELS } from '../logger.ts';

const address = (...protocols: string[]) =>
  makeValidator<string>((text) => {
    if (!URL.canParse(text) || !protocols.includes(new URL(text).protocol)) {
      throw new TypeError(`not an address of ${protocols.map((p) => p.slice(0, -1)).join(', ')}`);
    }
    return text;
  });

export const httpAddress = address('http:', 'https:');
export const databaseAddress = address('postgres:', 'postgresql:');
export const queueAddress = address('redis:', 'rediss:', 'postgres:', 'postgresql:');

/** A whole number from 1 on. */
export const count = makeValidator<number>((text) => {
  if (!/^[1-9][0-9]{0,8}$/.test(text)) throw new TypeError('not a whole number from 1 on');
  return Number(text);
});

const KEY_BYTES = 32;

/** A secret of 32 bytes in base64. */
export const secretKey = makeValidator<Buffer>((text) => {
  const key = Buffer.from(text, 'base64');
  if (key.length !== KEY_BYTES || key.toString('base64') !== text) throw new TypeError('not 32 bytes in base64');
  return key;
});

/**
 * MAIL_SEAL_KEY, of the two services that share sealed messages. Outside production an absent one is a key that everybody
 * knows: reading them needs no secret there.
 */
export const mailSealKey = secretKey({
  devDefault: Buffer.alloc(KEY_BYTES, 'known to everybody'),
  desc: 'Seals sign-in codes on their way from account to notification: 32 random bytes in base64, the same for both',
  example: 'openssl rand -base64 32',
});

/** What every service reads from its environment; a service spreads it and adds its own. */
export const serviceConfig = {
  NODE_ENV: str({
    choices: ['production', 'development', 'test'],
    default: 'development',
    desc: 'Kind of installation',
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

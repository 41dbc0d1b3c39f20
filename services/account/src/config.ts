import { mailSealKey, networks, secretKey } from '@smartserver/service-kit';
import type { ValidatorSpec } from 'envalid';

type Specs = {
  ACCOUNT_SECRET_KEY: ValidatorSpec<Buffer>;
  MAIL_SEAL_KEY: ValidatorSpec<Buffer>;
  TRUSTED_PROXIES: ValidatorSpec<readonly string[]>;
};

/** Environment variables of the service's own. ACCOUNT_SECRET_KEY has no default, not even for development. */
export const config: Specs = {
  ACCOUNT_SECRET_KEY: secretKey({
    desc: 'Encrypts the secrets in the database and derives those that are shown: 32 random bytes in base64. Lost, nobody can sign in',
    example: 'openssl rand -base64 32',
  }),
  MAIL_SEAL_KEY: mailSealKey,
  TRUSTED_PROXIES: networks({
    default: ['loopback', 'uniquelocal'],
    desc: 'Whose X-Forwarded-For counts, as the gateway’s: addresses, networks, by comma',
  }),
};

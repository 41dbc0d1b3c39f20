import { type BaseDeps, type ConfigOf, createSeal, type Seal, type ServiceBase } from '@smartserver/service-kit';
import type { config } from './config.ts';
import { createGuessCounter, type GuessCounter } from './guesses/counter.ts';
import type { Tables } from './model/tables.ts';
import { createSecrets, type Secrets } from './security/secrets.ts';
import { argon2Passwords, type Passwords } from './sign-in/passwords.ts';
import { createKeyRing, ensureSigningKey, type KeyRing } from './token-keys/key-ring.ts';

export type Config = ConfigOf<typeof config>;

/** What every feature gets. */
export type Deps = BaseDeps<Tables> & {
  secrets: Secrets;
  passwords: Passwords;
  counter: GuessCounter;
  /** Shared with notification: seals sign-in codes. */
  mailSeal: Seal;
  keys: KeyRing;
  /** Whose X-Forwarded-For counts. */
  trustedProxies: readonly string[];
};

export const openDeps = async (base: ServiceBase<Tables, Config>): Promise<Deps> => {
  const secrets = createSecrets(base.config.ACCOUNT_SECRET_KEY);
  await ensureSigningKey({ ...base, secrets });
  return {
    ...base,
    secrets,
    passwords: argon2Passwords,
    counter: createGuessCounter({ ...base, secrets }),
    mailSeal: createSeal(base.config.MAIL_SEAL_KEY),
    keys: createKeyRing({ ...base, secrets }),
    trustedProxies: base.config.TRUSTED_PROXIES,
  };
};

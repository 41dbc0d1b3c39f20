import {
  createSeal,
  createTokenVerifier,
  openFoundation,
  openStorage,
  type RunningService,
  type ServiceDeps,
  type Storage,
  startConsumers,
  startRelay,
  stopInOrder,
} from '@smartserver/service-kit';
import { buildApp } from './app.ts';
import type { AccountConfig, CommandConfig } from './config.ts';
import { onControllerChanged } from './consumers/controller-changed.ts';
import { onLicenseChanged } from './consumers/license-changed.ts';
import type { AccountTables } from './db.ts';
import { startHousekeeping } from './housekeeping.ts';
import { createKeyRing, ensureSigningKey } from './keys/key-service.ts';
import { accountMigrations } from './migrations.ts';
import { argon2Passwords } from './security/passwords.ts';
import { createSecrets } from './security/secrets.ts';
import { createGuessCounter } from './sessions/guess-counter-store.ts';

const name = 'account';

export type AccountDeps = Omit<ServiceDeps, 'jwks'>;

const withSecrets = <S extends Storage<AccountTables>>(storage: S, config: CommandConfig) => ({
  ...storage,
  secrets: createSecrets(config.ACCOUNT_SECRET_KEY),
  passwords: argon2Passwords,
});

/** What the commands stand on: no queues, no port. */
export const openAccount = (config: CommandConfig, deps: AccountDeps = {}) =>
  withSecrets(openStorage<AccountTables>(name, config, deps), config);

/** Composition root: opens what the service needs and starts its work. The caller makes the app listen. */
export const startAccount = async (config: AccountConfig, deps: AccountDeps = {}): Promise<RunningService> => {
  const foundation = await openFoundation<AccountTables>(name, config, deps, { migrations: accountMigrations });
  const base = withSecrets(foundation, config);
  const { database, logger, clock, messaging } = base;
  await ensureSigningKey(base);
  const keys = createKeyRing(base);
  const counter = createGuessCounter(base);
  const mailSeal = createSeal(config.MAIL_SEAL_KEY);
  const relay = startRelay<AccountTables>(base);
  // Its own keys, without a request to itself.
  const verifier = createTokenVerifier({ jwks: keys.jwks, clock });
  const trustedProxy = [...config.TRUSTED_PROXIES];
  const app = await buildApp({ ...base, relay, keys, counter, mailSeal, verifier, trustedProxy });
  const consumers = startConsumers<AccountTables>({
    ...base,
    handlers: { 'controller.changed.1': onControllerChanged, 'license.changed.1': onLicenseChanged },
    relay,
  });
  const housekeeping = startHousekeeping({ database, counter, clock, logger });

  const stop = stopInOrder(logger, [
    { name: 'http', stop: () => app.close() },
    { name: 'consumers', stop: () => consumers.stop() },
    { name: 'housekeeping', stop: () => housekeeping.stop() },
    { name: 'relay', stop: () => relay.stop() },
    { name: 'queues', stop: () => messaging.close() },
    { name: 'database', stop: () => database.close() },
  ]);
  return { name, app, stop };
};

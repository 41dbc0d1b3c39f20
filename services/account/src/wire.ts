import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type Clock,
  createLogger,
  createTokenVerifier,
  type Database,
  type Ids,
  type Logger,
  openDatabase,
  openMessaging,
  type RunningService,
  startConsumers,
  startRelay,
  stopInOrder,
  systemClock,
  systemIds,
} from '@smartserver/service-kit';
import { sql } from 'kysely';
import { buildApp } from './app.ts';
import type { AccountConfig, CommandConfig } from './config.ts';
import { onControllerChanged } from './consumers/controller-changed.ts';
import type { AccountTables } from './db.ts';
import { startHousekeeping } from './housekeeping.ts';
import { createKeyRing, ensureSigningKey } from './keys/key-service.ts';
import { argon2Passwords } from './security/passwords.ts';
import { createSecrets } from './security/secrets.ts';
import { createGuessLimiter } from './sessions/guess-limiter.ts';

const name = 'account';
const specFile = join(import.meta.dirname, '../../../openapi/account.json');

export type AccountDeps = { logger?: Logger; clock?: Clock; ids?: Ids };

/** What both the service and its commands stand on. */
export const openAccount = (config: CommandConfig, deps: AccountDeps = {}) => {
  const clock = deps.clock ?? systemClock;
  const logger = deps.logger ?? createLogger({ service: name, level: config.LOG_LEVEL });
  const database: Database<AccountTables> = openDatabase({
    url: config.DATABASE_URL,
    poolSize: config.DATABASE_POOL_SIZE,
    service: name,
    logger,
    production: config.NODE_ENV === 'production',
  });
  const secrets = createSecrets(config.ACCOUNT_SECRET_KEY);
  return { database, logger, clock, ids: deps.ids ?? systemIds, secrets, passwords: argon2Passwords };
};

/** Composition root: opens what the service needs and starts its work. The caller makes the app listen. */
export const startAccount = async (config: AccountConfig, deps: AccountDeps = {}): Promise<RunningService> => {
  const base = openAccount(config, deps);
  const { database, logger, clock } = base;
  await database.verifyDurability();
  await ensureSigningKey(base);
  const keys = createKeyRing(base);
  const limiter = createGuessLimiter(base);
  const messaging = openMessaging({ url: config.QUEUE_URL, logger });
  const relay = startRelay<AccountTables>({ service: name, database, messaging, clock, logger });
  const app = await buildApp({
    ...base,
    relay,
    keys,
    limiter,
    // Its own keys, without a request to itself.
    verifier: createTokenVerifier({ jwks: keys.jwks, clock }),
    spec: JSON.parse(await readFile(specFile, 'utf8')),
    readiness: {
      database: async () => {
        await sql`select 1`.execute(database.kysely);
      },
      queues: () => messaging.canary(),
    },
    trustedProxy: [...config.TRUSTED_PROXIES],
  });
  const consumers = startConsumers<AccountTables>({
    service: name,
    database,
    messaging,
    logger,
    clock,
    handlers: { 'controller.changed.1': onControllerChanged },
    relay,
  });
  const housekeeping = startHousekeeping({ database, limiter, clock, logger });

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

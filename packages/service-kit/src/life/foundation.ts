import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { JsonWebKeySet, ServiceName } from '@smartserver/contracts';
import { type Clock, systemClock } from '../clock.ts';
import { type Database, openDatabase } from '../data/database.ts';
import { requireMigrations } from '../data/migrate.ts';
import type { KitTables } from '../data/tables.ts';
import { type Ids, systemIds } from '../ids.ts';
import { createLogger, type Logger, type LogLevel } from '../logger.ts';
import { type Messaging, openMessaging } from '../messaging/index.ts';

/** What a caller may give a service instead of the real thing. */
export type ServiceDeps = {
  logger?: Logger;
  clock?: Clock;
  ids?: Ids;
  /** Keys of access tokens; fetched from JWKS_URL unless given. */
  jwks?: () => Promise<JsonWebKeySet>;
};

type StorageConfig = {
  NODE_ENV: string;
  LOG_LEVEL: LogLevel;
  DATABASE_URL: string;
  DATABASE_POOL_SIZE: number;
};

/** What a service and its commands stand on. */
export type Storage<DB extends KitTables> = { clock: Clock; ids: Ids; logger: Logger; database: Database<DB> };

/** What a running service stands on: spread it into `startRelay`, `startConsumers` and the app. */
export type Foundation<DB extends KitTables> = Storage<DB> & {
  service: ServiceName;
  messaging: Messaging;
  /** The OpenAPI document of the service. */
  spec: object;
  readiness: { database: () => Promise<void>; queues: () => Promise<void> };
};

/** Opens the database of a service; nothing is asked of it yet. */
export const openStorage = <DB extends KitTables>(
  service: ServiceName,
  config: StorageConfig,
  deps: ServiceDeps = {},
): Storage<DB> => {
  const logger = deps.logger ?? createLogger({ service, level: config.LOG_LEVEL });
  const database = openDatabase<DB>({
    url: config.DATABASE_URL,
    poolSize: config.DATABASE_POOL_SIZE,
    service,
    logger,
    production: config.NODE_ENV === 'production',
  });
  return { clock: deps.clock ?? systemClock, ids: deps.ids ?? systemIds, logger, database };
};

/**
 * Opens what every service needs.
 *
 * @param options.migrations directory of the service's SQL files
 * @throws when the database forgets what it acknowledged, or lacks migrations: a service must not look ready on either
 */
export const openFoundation = async <DB extends KitTables>(
  service: ServiceName,
  config: StorageConfig & { QUEUE_URL: string },
  deps: ServiceDeps,
  options: { migrations: string },
): Promise<Foundation<DB>> => {
  const storage = openStorage<DB>(service, config, deps);
  const { database, logger } = storage;
  try {
    await database.verifyDurability();
    await requireMigrations(database.pool, [options.migrations]);
  } catch (error) {
    await database.close();
    throw error;
  }
  const messaging = openMessaging({ url: config.QUEUE_URL, logger });
  const specFile = join(import.meta.dirname, '../../../../openapi', `${service}.json`);
  return {
    ...storage,
    service,
    messaging,
    spec: JSON.parse(await readFile(specFile, 'utf8')) as object,
    readiness: {
      database: async () => {
        await database.pool.query('select 1');
      },
      queues: () => messaging.probe(),
    },
  };
};

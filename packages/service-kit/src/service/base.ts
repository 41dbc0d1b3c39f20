import type { JsonWebKeySet, ServiceName } from '@smartserver/contracts';
import { type Clock, systemClock } from '../clock.ts';
import { type Database, openDatabase } from '../data/database.ts';
import type { Projections } from '../data/projections.ts';
import { type Ids, systemIds } from '../ids.ts';
import { createLogger, type Logger, type LogLevel } from '../logger.ts';
import type { Messaging } from '../messaging/index.ts';

/** What a caller may give a service instead of the real thing. */
export type Overrides = {
  logger?: Logger;
  clock?: Clock;
  ids?: Ids;
  /** Keys of access tokens; fetched from JWKS_URL unless given. */
  jwks?: () => Promise<JsonWebKeySet>;
};

/** What a command of a service gets: its database, no queues. */
export type StorageBase<DB, Config> = {
  config: Config;
  clock: Clock;
  ids: Ids;
  logger: Logger;
  database: Database<DB>;
};

/** What every use case can rely on. */
export type BaseDeps<DB> = Omit<StorageBase<DB, unknown>, 'config'> & {
  /** Woken after each commit: there may be events to publish. */
  relay: { wake(): void };
  projections: Projections;
};

/** What `deps` of a service builds on. */
export type ServiceBase<DB, Config> = StorageBase<DB, Config> &
  BaseDeps<DB> & {
    service: ServiceName;
    messaging: Messaging;
    /** Ends what `deps` has opened, when the service stops or its start fails; the last one first. */
    onStop(name: string, stop: () => Promise<void>, timeoutMs?: number): void;
  };

type StorageConfig = {
  NODE_ENV: string;
  LOG_LEVEL: LogLevel;
  DATABASE_URL: string;
  DATABASE_POOL_SIZE: number;
};

/** Opens the database of a service; nothing is asked of it yet. */
export const openStorage = <DB, Config extends StorageConfig>(
  service: ServiceName,
  config: Config,
  overrides: Omit<Overrides, 'jwks'>,
): StorageBase<DB, Config> => {
  const logger = overrides.logger ?? createLogger({ service, level: config.LOG_LEVEL });
  const database = openDatabase<DB>({
    url: config.DATABASE_URL,
    poolSize: config.DATABASE_POOL_SIZE,
    service,
    logger,
    production: config.NODE_ENV === 'production',
  });
  const { clock = systemClock, ids = systemIds } = overrides;
  return { config, clock, ids, logger, database };
};

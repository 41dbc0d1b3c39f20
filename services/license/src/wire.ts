import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type Clock,
  createLogger,
  createTokenVerifier,
  httpJwks,
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
import { startResuming } from './changes/resume-changes-service.ts';
import type { LicenseConfig } from './config.ts';
import { licenseHandlers } from './consumers/index.ts';
import type { LicenseTables } from './db.ts';

const name = 'license';
const specFile = join(import.meta.dirname, '../../../openapi/license.json');

export type LicenseDeps = {
  logger?: Logger;
  clock?: Clock;
  ids?: Ids;
  /** Keys of access tokens; fetched from JWKS_URL unless given. */
  jwks?: ReturnType<typeof httpJwks>;
};

/** Composition root: opens what the service needs and starts its work. The caller makes the app listen. */
export async function startLicense(config: LicenseConfig, deps: LicenseDeps = {}): Promise<RunningService> {
  const clock = deps.clock ?? systemClock;
  const ids = deps.ids ?? systemIds;
  const logger = deps.logger ?? createLogger({ service: name, level: config.LOG_LEVEL });
  const expiringWithinDays = config.EXPIRING_WITHIN_DAYS;
  const database = openDatabase<LicenseTables>({
    url: config.DATABASE_URL,
    poolSize: config.DATABASE_POOL_SIZE,
    service: name,
    logger,
    production: config.NODE_ENV === 'production',
  });
  await database.verifyDurability();
  const messaging = openMessaging({ url: config.QUEUE_URL, logger });
  const relay = startRelay({ service: name, database, messaging, clock, logger });
  const app = await buildApp({
    database,
    relay,
    verifier: createTokenVerifier({ jwks: deps.jwks ?? httpJwks(config.JWKS_URL), clock }),
    clock,
    ids,
    logger,
    spec: JSON.parse(await readFile(specFile, 'utf8')),
    readiness: {
      database: async () => {
        await sql`select 1`.execute(database.kysely);
      },
      queues: () => messaging.canary(),
    },
    expiringWithinDays,
  });
  const consumers = startConsumers<LicenseTables>({
    service: name,
    database,
    messaging,
    logger,
    clock,
    handlers: licenseHandlers({ clock, ids, expiringWithinDays }),
    relay,
  });
  const resuming = startResuming({ database, relay, clock, ids, logger });

  const stop = stopInOrder(logger, [
    { name: 'http', stop: () => app.close() },
    { name: 'resuming', stop: () => resuming.stop() },
    { name: 'consumers', stop: () => consumers.stop() },
    { name: 'relay', stop: () => relay.stop() },
    { name: 'queues', stop: () => messaging.close() },
    { name: 'database', stop: () => database.close() },
  ]);
  return { name, app, stop };
}

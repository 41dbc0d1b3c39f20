import {
  createTokenVerifier,
  httpJwks,
  openFoundation,
  type RunningService,
  type ServiceDeps,
  startConsumers,
  startRelay,
  stopInOrder,
} from '@smartserver/service-kit';
import { buildApp } from './app.ts';
import { startResuming } from './changes/resume-changes-service.ts';
import type { LicenseConfig } from './config.ts';
import { licenseHandlers } from './consumers/index.ts';
import type { LicenseTables } from './db.ts';
import { licenseMigrations } from './migrations.ts';

/** Composition root: opens what the service needs and starts its work. The caller makes the app listen. */
export const startLicense = async (config: LicenseConfig, deps: ServiceDeps = {}): Promise<RunningService> => {
  const base = await openFoundation<LicenseTables>('license', config, deps, { migrations: licenseMigrations });
  const { service: name, clock, ids, logger, database, messaging } = base;
  const expiringWithinDays = config.EXPIRING_WITHIN_DAYS;
  const relay = startRelay(base);
  const verifier = createTokenVerifier({ jwks: deps.jwks ?? httpJwks(config.JWKS_URL), clock });
  const app = await buildApp({ ...base, relay, verifier, expiringWithinDays });
  const handlers = licenseHandlers({ clock, ids, expiringWithinDays });
  const consumers = startConsumers<LicenseTables>({ ...base, handlers, relay });
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
};

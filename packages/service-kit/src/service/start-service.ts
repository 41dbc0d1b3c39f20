import { requireMigrations } from '../data/migrate.ts';
import { createProjections } from '../data/projections.ts';
import type { KitTables } from '../data/tables.ts';
import { createTokenVerifier, httpJwks } from '../http/index.ts';
import { openMessaging, startConsumers, startRelay } from '../messaging/index.ts';
import { type BaseDeps, type Overrides, openStorage, type ServiceBase } from './base.ts';
import type { ConfigOf, Service, Specs } from './definition.ts';
import { startJob } from './jobs.ts';
import type { Listening, RunningService } from './run-process.ts';
import { createStopStack, type StopStack } from './stop-stack.ts';

/**
 * Opens and starts a service. What is opened last is stopped first: requests end before jobs and workers, these before consumers, then
 * the relay, the queues and the database. When a part of the start fails, what was opened until then is closed.
 * @throws when the database forgets what it acknowledged, or lacks migrations: a service must not look ready on either
 */
export const startService = async <DB extends KitTables, S extends Specs, Deps extends BaseDeps<DB>>(
  service: Service<DB, S, Deps>,
  config: ConfigOf<S>,
  overrides: Overrides,
): Promise<RunningService & Listening> => {
  const storage = openStorage<DB, ConfigOf<S>>(service.name, config, overrides);
  const opened = createStopStack(storage.logger);
  opened.add('database', () => storage.database.close());
  try {
    const app = await openAll(service, storage, opened, overrides);
    const { name } = service;
    return { name, app, stop: () => opened.stop(), listen: { host: config.HOST, port: config.PORT } };
  } catch (error) {
    await opened.stop();
    throw error;
  }
};

const openAll = async <DB extends KitTables, S extends Specs, Deps extends BaseDeps<DB>>(
  service: Service<DB, S, Deps>,
  storage: ReturnType<typeof openStorage<DB, ConfigOf<S>>>,
  opened: StopStack,
  overrides: Overrides,
) => {
  const { config, database, logger, clock } = storage;
  await database.verifyDurability();
  await requireMigrations(database.pool, [service.migrations]);
  const messaging = openMessaging({ url: config.QUEUE_URL, logger });
  opened.add('queues', () => messaging.close());
  const common = { ...storage, service: service.name, messaging };
  const relay = service.publishes === false ? { wake: () => undefined } : startRelay(common);
  if ('stop' in relay) opened.add('relay', () => relay.stop());

  const projections = createProjections(storage);
  opened.add('projections', () => projections.stop());
  const base: ServiceBase<DB, ConfigOf<S>> = {
    ...common,
    relay,
    projections,
    onStop: opened.add,
  };
  const deps = await service.deps(base);
  if (service.handlers !== undefined) {
    const consumers = startConsumers<DB>({ ...common, handlers: service.handlers(deps), relay: deps.relay });
    opened.add('consumers', () => consumers.stop());
  }
  for (const worker of service.workers?.(deps) ?? []) {
    worker.start();
    opened.add(worker.name, () => worker.stop(), worker.stopTimeoutMs);
  }
  for (const job of service.jobs?.(deps) ?? []) opened.add(job.name, startJob(common, job));

  const verifier =
    service.verifier?.(deps) ?? createTokenVerifier({ jwks: overrides.jwks ?? httpJwks(config.JWKS_URL), clock });
  const readiness = {
    database: async () => {
      await database.pool.query('select 1');
    },
    queues: () => messaging.probe(),
  };
  const app = await service.buildApp(deps, { verifier, readiness });
  opened.add('http', () => app.close());
  return app;
};

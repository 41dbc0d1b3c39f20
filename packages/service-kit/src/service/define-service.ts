import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ServiceName } from '@smartserver/contracts';
import { loadConfig, serviceConfig } from '../config/index.ts';
import type { KitTables } from '../data/tables.ts';
import { buildServer } from '../http/index.ts';
import { type BaseDeps, openStorage } from './base.ts';
import type { ConfigOf, Service, ServiceDefinition, Specs } from './definition.ts';
import { startService } from './start-service.ts';

/** Makes a service of its parts. `serviceMain(service)` is the whole `main.ts`. */
export const defineService = <DB extends KitTables, S extends Specs, Deps extends BaseDeps<DB>>(
  definition: ServiceDefinition<DB, S, Deps>,
): Service<DB, S, Deps> => {
  const service: Service<DB, S, Deps> = {
    ...definition,
    loadConfig: (env) => {
      const { JWKS_URL, ...common } = serviceConfig;
      const spec = { ...common, ...(definition.verifier === undefined ? { JWKS_URL } : {}), ...definition.config };
      return loadConfig(env, spec) as unknown as ConfigOf<S>;
    },
    buildApp: async (deps, { verifier, readiness = {} }) =>
      buildServer({
        service: definition.name,
        logger: deps.logger,
        clock: deps.clock,
        spec: definition.document ?? (await readDocument(definition.name)),
        operations: definition.operations,
        routes: Object.fromEntries(definition.routes.map((Routes) => [Routes.name, new Routes(deps)])),
        verifier,
        readiness: { ...readiness, ...definition.readiness?.(deps) },
        ...definition.server?.(deps),
      }),
    start: (env, overrides = {}) => startService(service, service.loadConfig(env), overrides),
    withStorage: async (env, overrides, work) => {
      const base = openStorage<DB, ConfigOf<S>>(definition.name, commandConfig(definition, env), overrides);
      try {
        return await work(base);
      } finally {
        await base.database.close();
      }
    },
  };
  return service;
};

/** Commands open no port and no queues: they need the database and what `commandConfig` names. */
const commandConfig = <DB extends KitTables, S extends Specs, Deps extends BaseDeps<DB>>(
  { config, commandConfig: names = [] }: ServiceDefinition<DB, S, Deps>,
  env: NodeJS.ProcessEnv,
): ConfigOf<S> => {
  const { NODE_ENV, LOG_LEVEL, DATABASE_URL, DATABASE_POOL_SIZE } = serviceConfig;
  const own = Object.fromEntries(names.map((name) => [name, config[name]])) as Specs;
  return loadConfig(env, { NODE_ENV, LOG_LEVEL, DATABASE_URL, DATABASE_POOL_SIZE, ...own }) as unknown as ConfigOf<S>;
};

const readDocument = async (service: ServiceName): Promise<object> => {
  const file = join(import.meta.dirname, '../../../../openapi', `${service}.json`);
  return JSON.parse(await readFile(file, 'utf8')) as object;
};

import type { ServiceName } from '@smartserver/contracts';
import type { CleanedEnv, ValidatorSpec } from 'envalid';
import type { FastifyInstance } from 'fastify';
import type { serviceConfig } from '../config/index.ts';
import type { KitTables } from '../data/tables.ts';
import type { Operation, ServerOptions, TokenVerifier } from '../http/index.ts';
import type { Handlers } from '../messaging/index.ts';
import type { BaseDeps, Overrides, ServiceBase, StorageBase } from './base.ts';
import type { Job } from './jobs.ts';
import type { Listening, RunningService } from './run-process.ts';

// biome-ignore lint/suspicious/noExplicitAny: envalid's own parameter type; each validator has its own value type
export type Specs = Record<string, ValidatorSpec<any>>;

/** The configuration of a service with these variables of its own. */
export type ConfigOf<S extends Specs> = Readonly<CleanedEnv<typeof serviceConfig & S>>;

/** A loop that runs as long as the service does. */
export type Worker = {
  name: string;
  start(): void;
  stop(): Promise<void>;
  /** Milliseconds that stopping may take; 5 s by default. */
  stopTimeoutMs?: number;
};

/** A command of a service's command line, next to `migrate` and `dead-letters`. */
export type Command<DB, Config> = {
  name: string;
  summary: string;
  /** Flags and descriptions as commander takes them; `<>` names a value. */
  options?: readonly (readonly [flags: string, description: string])[];
  /** Its standard output is all that it prints with `console.log`. What it throws is one line, and exit code 1. */
  run: (base: StorageBase<DB, Config>, options: Record<string, string | undefined>) => Promise<void>;
};

/** All that makes a service: what it is configured by, answers, consumes and does by itself. */
export type ServiceDefinition<DB extends KitTables, S extends Specs, Deps extends BaseDeps<DB>> = {
  name: ServiceName;
  /** Environment variables of its own; those of every service are added. */
  config: S;
  /** Names of variables of `config` that its commands need, too. */
  commandConfig?: readonly (keyof S & string)[];
  /** Directory of its SQL files. */
  migrations: string;
  /** OpenAPI document; `openapi/<name>.json` unless given. */
  document?: object;
  /** From `src/generated/operations.ts`. */
  operations: readonly Operation[];
  /** Classes with tsoa's decorators. */
  routes: readonly (new (
    deps: Deps,
  ) => object)[];
  /** Makes what the use cases need. May open things: see `onStop`. */
  deps: (base: ServiceBase<DB, ConfigOf<S>>) => Deps | Promise<Deps>;
  handlers?: (deps: Deps) => Handlers<DB>;
  jobs?: (deps: Deps) => readonly Job[];
  workers?: (deps: Deps) => readonly Worker[];
  /** Dependencies that the service is not ready without, next to its database and the queues. */
  readiness?: (deps: Deps) => ServerOptions['readiness'];
  server?: (deps: Deps) => Pick<ServerOptions, 'trustedProxy' | 'plugins'>;
  /** Instead of the keys at JWKS_URL, which is then no variable of the service. */
  verifier?: (deps: Deps) => TokenVerifier;
  /** False: the service records no events, so that no relay runs. */
  publishes?: boolean;
  commands?: readonly Command<DB, ConfigOf<S>>[];
};

export type Service<DB extends KitTables, S extends Specs, Deps extends BaseDeps<DB>> = ServiceDefinition<
  DB,
  S,
  Deps
> & {
  /** @throws ConfigError that names every faulty variable */
  loadConfig(env: NodeJS.ProcessEnv): ConfigOf<S>;
  /** The HTTP side alone. No I/O but reading the OpenAPI document. */
  buildApp(
    deps: Deps,
    options: { verifier: TokenVerifier; readiness?: ServerOptions['readiness'] },
  ): Promise<FastifyInstance>;
  /** Opens and starts everything; when a part of it fails, what was opened is closed again. The caller makes the app listen. */
  start(env: NodeJS.ProcessEnv, overrides?: Overrides): Promise<RunningService & Listening>;
  /** Runs `work` on the database of the service, without queues, as commands do. */
  withStorage<T>(
    env: NodeJS.ProcessEnv,
    overrides: Omit<Overrides, 'jwks'>,
    work: (base: StorageBase<DB, ConfigOf<S>>) => Promise<T>,
  ): Promise<T>;
};

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Api, createApi } from '@smartserver/client';
import { EmbeddedPostgres } from '@smartserver/embedded-postgres';
import {
  freePort,
  type LaunchedServices,
  launchServices,
  type ManagedProcess,
  migrateAll,
  newStackSecrets,
  provisionDatabases,
  type StackSecrets,
} from '@smartserver/stack';
import {
  onContainers,
  startMailSink,
  startPostgresContainer,
  startRedis,
  startWebhookSink,
  type TestPostgres,
} from '@smartserver/testing';
import { People } from './people.ts';

export type SystemOptions = {
  /** Processes of each service, each set behind a gateway of its own. Default 1. */
  replicas?: number;
  /** What carries the queues. Default `postgres`: needs nothing else on the machine. */
  queue?: 'redis' | 'postgres';
  /** Environment for all services, e.g. a small pool. */
  environment?: NodeJS.ProcessEnv;
};

/** Limits are another test's matter. */
const UNLIMITED = { RATE_LIMIT_PER_ADDRESS: '0', RATE_LIMIT_PER_CREDENTIAL: '0', RATE_LIMIT_SIGN_IN: '0' };

/** The whole system as real processes, which a test may kill and start again; its PostgreSQL and Redis are containers with TEST_CONTAINERS=true.
 * Everything else goes through the public API. */
export class TestSystem {
  readonly postgres: TestPostgres;
  readonly redis: Awaited<ReturnType<typeof startRedis>> | null;
  readonly mail: Awaited<ReturnType<typeof startMailSink>>;
  readonly hooks: Awaited<ReturnType<typeof startWebhookSink>>;
  readonly databases: Record<'account' | 'license' | 'activation' | 'notification' | 'queue', string>;
  readonly output: string[];
  readonly secrets: StackSecrets;
  private readonly services: LaunchedServices;
  private readonly folder: string;

  private constructor(
    parts: Pick<TestSystem, 'postgres' | 'redis' | 'mail' | 'hooks' | 'databases' | 'output' | 'secrets'> & {
      services: LaunchedServices;
      folder: string;
    },
  ) {
    this.postgres = parts.postgres;
    this.redis = parts.redis;
    this.mail = parts.mail;
    this.hooks = parts.hooks;
    this.databases = parts.databases;
    this.output = parts.output;
    this.secrets = parts.secrets;
    this.services = parts.services;
    this.folder = parts.folder;
  }

  static async start(options: SystemOptions = {}): Promise<TestSystem> {
    // What runs already when the rest cannot start would keep the test from ending.
    const started: (() => Promise<void> | void)[] = [];
    try {
      return await TestSystem.launch(options, started);
    } catch (error) {
      for (const stop of started.reverse()) await stop();
      throw error;
    }
  }

  private static async launch(options: SystemOptions, started: (() => Promise<void> | void)[]): Promise<TestSystem> {
    const folder = mkdtempSync(join(tmpdir(), 'acceptance-'));
    const secrets = newStackSecrets(new Date());
    const settings = { max_connections: '300' };
    started.push(() => rmSync(folder, { recursive: true, force: true }));
    const postgres = onContainers()
      ? await startPostgresContainer(secrets.postgresPassword, settings)
      : await startEmbedded(join(folder, 'postgres'), secrets.postgresPassword, settings);
    started.push(() => postgres.stop());
    const databases = await provisionDatabases(postgres.url(), secrets.databasePasswords, ['queue']);
    const redis = options.queue === 'redis' ? await startRedis() : null;
    if (redis) started.push(() => redis.stop());
    const mail = await startMailSink();
    started.push(() => mail.stop());
    const hooks = await startWebhookSink();
    started.push(() => hooks.stop());
    const output: string[] = [];
    const launch = {
      databases,
      secrets,
      queueUrl: redis ? redis.url : databases.queue,
      smtpUrl: `smtp://127.0.0.1:${mail.port}`,
      gateway: { host: '127.0.0.1', port: await freePort() },
      replicas: options.replicas ?? 1,
      environment: { ...UNLIMITED, ...options.environment },
      onLine: (name: string, line: string) => void output.push(`${name}: ${line}`),
    };
    const explain = (error: Error): never => {
      throw new Error(`${error.message}\n${output.slice(-20).join('\n')}`);
    };
    await migrateAll(launch).catch(explain);
    const services = await launchServices(launch).catch(explain);
    return new TestSystem({ postgres, redis, mail, hooks, databases, output, secrets, services, folder });
  }

  /** The public API behind one of the gateways. No repeats of its own: a test wants to see every answer. */
  api(gateway = 0): Api {
    const process = this.services.gateways[gateway];
    if (!process) throw new Error(`There is no gateway ${gateway}.`);
    return createApi({ baseUrl: process.url, retries: 0, timeoutMs: 20_000 });
  }

  get apis(): Api[] {
    return this.services.gateways.map((_, index) => this.api(index));
  }

  /** A process by its name: `activation`, `license-2`, `gateway` … */
  process(name: string): ManagedProcess {
    const found = [...this.services.processes, ...this.services.gateways].find((process) => process.name === name);
    if (!found) throw new Error(`There is no process ${name}.`);
    return found;
  }

  /** Signs everybody in that a test needs. */
  people(): Promise<People> {
    return People.signIn(this.api(), this.services.inviteStaff);
  }

  async stop(): Promise<void> {
    await this.services.stop();
    await this.redis?.stop();
    await this.mail.stop();
    await this.hooks.stop();
    await this.postgres.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

const startEmbedded = async (
  dataDirectory: string,
  password: string,
  settings: Record<string, string>,
): Promise<TestPostgres> => {
  const postgres = new EmbeddedPostgres({ dataDirectory, password, temporary: true, settings });
  await postgres.start();
  return postgres;
};

import { account as accountService, createStaff } from '@smartserver/account';
import { activation as activationService } from '@smartserver/activation';
import type { JsonWebKeySet } from '@smartserver/contracts';
import { EmbeddedPostgres } from '@smartserver/embedded-postgres';
import { gatewayConfig, startGateway } from '@smartserver/gateway';
import { license as licenseService, replayLicenses } from '@smartserver/license';
import { startMailSink } from '@smartserver/mail-sink';
import { notification as notificationService } from '@smartserver/notification';
import { createLogger, migrate, type RunningService } from '@smartserver/service-kit';
import type { DataFolder } from './data-folder.ts';
import { provisionDatabases } from './databases.ts';
import { serviceEnvironments } from './environment.ts';
import type { Lifetime } from './lifetime.ts';
import { mailPages } from './mail-pages.ts';
import { type DemoLogins, seed } from './seed.ts';

export type EmbeddedOptions = {
  folder: DataFolder;
  host: string;
  port: number;
  /** Starts over without data. */
  fresh: boolean;
  lifetime: Lifetime;
  progress: (line: string) => void;
};

export type EmbeddedSystem = { url: string; dataPlaces: string[]; logins: DemoLogins };

/**
 * The whole system in this process: every service, the gateway in front of them without a hop between, queues in PostgreSQL. The same
 * code that runs as separate processes in production.
 */
export async function startEmbedded(options: EmbeddedOptions): Promise<EmbeddedSystem> {
  const { folder, host, port, lifetime, progress } = options;
  if (options.fresh) await removeData(folder);
  folder.prepare();
  const secrets = folder.secrets();

  const postgres = openPostgres(folder, secrets.postgresPassword);
  progress(postgres.exists ? 'Starting PostgreSQL …' : 'Making a PostgreSQL cluster …');
  await postgres.start();
  lifetime.add('PostgreSQL', () => postgres.stop());
  const databases = await provisionDatabases(postgres.url(), secrets.databasePasswords, ['queue']);

  progress('Bringing the databases up to date …');
  await Promise.all([
    migrate({ url: databases.account, directories: [accountService.migrations] }),
    migrate({ url: databases.license, directories: [licenseService.migrations] }),
    migrate({ url: databases.activation, directories: [activationService.migrations] }),
    migrate({ url: databases.notification, directories: [notificationService.migrations] }),
  ]);

  // Licenses that are older than account's projection of them.
  await folder.once('licenses published to account', () => replayLicenses({ DATABASE_URL: databases.license }));

  progress('Starting the services …');
  const mail = await startMailSink();
  lifetime.add('mail sink', () => mail.stop());
  const logger = createLogger({ service: 'stack', level: process.env.LOG_LEVEL ?? 'warn' });
  const url = `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
  const environments = serviceEnvironments({
    databases,
    secrets,
    queueUrl: databases.queue,
    jwksUrl: `${url}/.well-known/jwks.json`,
    smtpUrl: `smtp://127.0.0.1:${mail.port}`,
    publicUrl: url,
  });

  const account = await accountService.start(environments.account, { logger });
  lifetime.add('account', () => account.stop());
  const jwks = async () => (await account.app.inject('/.well-known/jwks.json')).json<JsonWebKeySet>();
  const [license, activation, notification] = await startTogether(lifetime, [
    licenseService.start(environments.license, { logger, jwks }),
    activationService.start(environments.activation, { logger, jwks }),
    notificationService.start(environments.notification, { logger, jwks }),
  ]);

  const upstreams = {
    account: { app: account.app },
    license: { app: license.app },
    activation: { app: activation.app },
    notification: { app: notification.app },
  };
  const gateway = await startGateway(gatewayConfig({ ...process.env, HOST: host, PORT: String(port) }), {
    upstreams,
    jwks,
    logger,
    extraRoutes: mailPages(mail.messages),
  });
  lifetime.add('gateway', () => gateway.stop());
  await gateway.app.listen({ host, port });

  const logins = await seed(folder, url, (email) => createStaff(environments.account, email));
  return { url, dataPlaces: [...new Set([folder.path, postgres.place.data])], logins };
}

/** Waits for all of them before one failure comes out: what has started is stopped with the rest. */
async function startTogether<T extends readonly Promise<RunningService>[]>(
  lifetime: Lifetime,
  starting: readonly [...T],
): Promise<{ [K in keyof T]: Awaited<T[K]> }> {
  const started = await Promise.allSettled(starting);
  for (const result of started) {
    if (result.status === 'fulfilled') lifetime.add(result.value.name, () => result.value.stop());
  }
  return Promise.all(starting);
}

const openPostgres = (folder: DataFolder, password: string): EmbeddedPostgres =>
  new EmbeddedPostgres({ dataDirectory: folder.file('postgres'), password });

/** Root's cluster may lie outside the folder; a server that a killed start left behind is stopped before its data goes. */
async function removeData(folder: DataFolder): Promise<void> {
  const postgres = openPostgres(folder, '');
  await postgres.destroy();
  folder.remove();
}

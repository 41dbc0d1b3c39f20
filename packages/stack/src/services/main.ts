import { EmbeddedPostgres } from '@smartserver/embedded-postgres';
import { replayLicenses } from '@smartserver/license';
import { startMailSink } from '@smartserver/mail-sink';
import { DataFolder, StartError } from '../data-folder.ts';
import { provisionDatabases } from '../databases.ts';
import { Lifetime } from '../lifetime.ts';
import { requireFreePort } from '../port.ts';
import { seed } from '../seed.ts';
import { launchServices, migrateAll } from './launch.ts';

/** The administrator's connection to PostgreSQL: the one that was given, or an embedded cluster of its own. */
async function database(folder: DataFolder, lifetime: Lifetime, password: string): Promise<string> {
  if (process.env.DATABASE_URL) return process.env.DATABASE_URL;
  const postgres = new EmbeddedPostgres({ dataDirectory: folder.file('postgres'), password });
  await postgres.start();
  lifetime.add('PostgreSQL', () => postgres.stop());
  return postgres.url();
}

/** `npm run start:services`: every service in a process of its own, on PostgreSQL (DATABASE_URL) and Redis (REDIS_URL). */
async function main(): Promise<void> {
  const redisUrl = process.env.REDIS_URL;
  if (!redisUrl) throw new StartError('REDIS_URL is missing: REDIS_URL=redis://127.0.0.1:6379 npm run start:services');
  const host = process.env.HOST ?? '127.0.0.1';
  const port = Number(process.env.PORT ?? 8080);
  const folder = new DataFolder(process.env.DATA_DIR ?? '.data');
  await requireFreePort(host, port);
  folder.prepare();
  const secrets = folder.secrets();

  const lifetime = new Lifetime();
  lifetime.onSignals();
  try {
    const adminUrl = await database(folder, lifetime, secrets.postgresPassword);
    const databases = await provisionDatabases(adminUrl, secrets.databasePasswords, ['queue']);
    const mail = process.env.SMTP_URL ? null : await startMailSink();
    if (mail) lifetime.add('mail sink', () => mail.stop());
    const options = {
      databases,
      secrets,
      queueUrl: redisUrl,
      smtpUrl: process.env.SMTP_URL ?? `smtp://127.0.0.1:${mail?.port}`,
      gateway: { host, port },
      onLine: (name: string, line: string) => console.log(`${name.padEnd(12)} ${line}`),
    };
    await migrateAll(options);
    // Licenses that are older than account's projection of them.
    await folder.once('licenses published to account', () => replayLicenses({ DATABASE_URL: databases.license }));
    const services = await launchServices(options);
    lifetime.add('services', () => services.stop());
    const url = `http://${host}:${port}`;
    await seed(folder, url, services.inviteStaff);
    for (const process of [...services.processes, ...services.gateways])
      console.log(`${process.name.padEnd(12)} ${process.url}  pid ${process.pid}`);
    console.log(`\nReady. ${url}   npm run demo shows the whole job. Stop: Ctrl-C.`);
  } catch (error) {
    await lifetime.stop();
    throw error;
  }
}

main().catch((error: Error) => {
  console.error(error instanceof StartError ? error.message : error);
  process.exit(1);
});

import { execFileSync } from 'node:child_process';
import { createApi, dataOf } from '@smartserver/client';
import {
  freePort,
  type LaunchedServices,
  launchServices,
  migrateAll,
  newStackSecrets,
  provisionDatabases,
} from '@smartserver/stack';
import { startMailSink } from '@smartserver/testing';
import { PostgreSqlContainer, type StartedPostgreSqlContainer } from '@testcontainers/postgresql';
import { RedisContainer, type StartedRedisContainer } from '@testcontainers/redis';
import { People, until } from '../src/system/people.ts';

// The images that docker-compose.yml names, so that what production runs on is tried here too. Needs a Docker engine.

const POSTGRES = 'postgres:18-bookworm';
const REDIS = 'redis:7-bookworm';

const hasEngine = (): boolean => {
  try {
    execFileSync('docker', ['info'], { stdio: 'ignore', timeout: 10_000 });
    return true;
  } catch {
    return false;
  }
};

const onEngine = hasEngine() ? test : test.skip;
if (!hasEngine()) console.log('No Docker engine answers: the test on containers is skipped.');

let started: { stop(): Promise<unknown> }[] = [];

afterAll(async () => {
  for (const one of started.reverse()) await one.stop();
  started = [];
}, 60_000);

onEngine(
  'on the PostgreSQL and Redis images of docker-compose.yml a license is activated, and its history hears of it',
  async () => {
    // Everything that is started here is stopped here: the library's own cleaner is not needed.
    process.env.TESTCONTAINERS_RYUK_DISABLED = 'true';
    const postgres: StartedPostgreSqlContainer = await new PostgreSqlContainer(POSTGRES)
      .withUsername('postgres')
      .start();
    started.push(postgres);
    const redis: StartedRedisContainer = await new RedisContainer(REDIS).start();
    started.push(redis);
    const mail = await startMailSink();
    started.push(mail);

    const secrets = newStackSecrets(new Date());
    const databases = await provisionDatabases(postgres.getConnectionUri(), secrets.databasePasswords);
    const lines: string[] = [];
    const launch = {
      databases,
      secrets,
      queueUrl: redis.getConnectionUrl(),
      smtpUrl: `smtp://127.0.0.1:${mail.port}`,
      gateway: { host: '127.0.0.1', port: await freePort() },
      onLine: (name: string, line: string) => void lines.push(`${name}: ${line}`),
    };
    await migrateAll(launch);
    const services: LaunchedServices = await launchServices(launch).catch((error: Error) => {
      throw new Error(`${error.message}\n${lines.slice(-20).join('\n')}`);
    });
    started.push(services);

    const [gateway] = services.gateways;
    const api = createApi({ baseUrl: gateway?.url ?? '' });
    const people = await People.signIn(api, services.inviteStaff);
    const partner = await people.partner();
    const { customerId } = await people.customer(partner, 1);
    const [license] = await people.assignedLicenses(partner, customerId, 1);
    const controller = await people.controller(customerId);
    const result = await controller.activate([license?.licenseId ?? '']);
    expect(result.document.serial).toBe(1);
    await until(async () => {
      const params = { path: { licenseId: license?.licenseId ?? '' } };
      const { items } = await dataOf(api.as(partner.token).GET('/v1/licenses/{licenseId}/history', { params }));
      return items.some((entry) => entry.event === 'activated');
    }, 'the history hears of the activation');
  },
  180_000,
);

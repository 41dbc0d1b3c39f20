import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EmbeddedPostgres } from '@smartserver/embedded-postgres';
import { type NotificationTables, notification, runNotices } from '@smartserver/notification';
import { createLogger, type Database, migrate, openDatabase, systemIds } from '@smartserver/service-kit';
import { newStackSecrets, provisionDatabases } from '@smartserver/stack';
import { type Figure, figure } from './figure.ts';

const MANY = 1_000_000;
const FEW = 100_000;
/** As many in both: what is due must be what costs. */
const DUE = 10_000;
const TODAY = '2026-03-01T06:00:00Z';

/** The daily run over a million maintenance licenses against one over a hundred thousand of which as many are due. */
export async function noticeFigures(rounds: number): Promise<Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), 'notices-'));
  const secrets = newStackSecrets(new Date());
  const dataDirectory = join(folder, 'postgres');
  const postgres = new EmbeddedPostgres({ dataDirectory, password: secrets.postgresPassword, temporary: true });
  await postgres.start();
  try {
    const { notification, license } = await provisionDatabases(postgres.url(), secrets.databasePasswords, []);
    const many = await prepare(notification, MANY);
    const few = await prepare(license, FEW);
    // The first run finds a cold process: it would be the one that is said to need memory.
    await run(few);
    const runs: { ours: Run; floor: Run }[] = [];
    for (let i = 0; i < rounds; i += 1) runs.push({ ours: await run(many), floor: await run(few) });
    await Promise.all([many.close(), few.close()]);
    const part = (of: keyof Run) => runs.map(({ ours, floor }) => ({ ours: ours[of], floor: floor[of] }));
    const what = `daily run of notices, ${DUE} due of ${MANY} licenses, against as many of ${FEW}`;
    return [figure(`${what}: time`, 'ms', part('milliseconds')), figure(`${what}: memory`, 'MiB', part('mebibytes'))];
  } finally {
    await postgres.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function prepare(url: string, licenses: number): Promise<Database<NotificationTables>> {
  await migrate({ url, directories: [notification.migrations] });
  const logger = createLogger({ service: 'bench', level: 'warn' });
  const database: Database<NotificationTables> = openDatabase({ url, poolSize: 4, service: 'bench', logger });
  await patiently(
    database,
    `
    insert into customers (customer_id, partner_id, name, contacts, version)
    select uuid('00000000-0000-4000-8000-' || lpad(n::text, 12, '0')), uuid('00000000-0000-4000-9000-' || lpad((n % 50)::text, 12, '0')),
      'P-' || n, jsonb_build_array(jsonb_build_object('email', 'facility-' || n || '@example.com', 'name', 'Facility', 'language', 'en')), 1
    from generate_series(0, 1999) as n`,
  );
  await patiently(
    database,
    `insert into maintenance_terms (license_id, customer_id, partner_id, version, device_count, activation_version, install_code,
       segment_name, first_moved_at, starts_at, expires_at, next_notice_on)
     select gen_random_uuid(), uuid('00000000-0000-4000-8000-' || lpad((n % 2000)::text, 12, '0')),
       uuid('00000000-0000-4000-9000-' || lpad((n % 2000 % 50)::text, 12, '0')), 1, 100, 1, '0302' || lpad(n::text, 12, '0'),
       'Building ' || n, expires_at - interval '1 year', expires_at - interval '1 year', expires_at,
       (expires_at at time zone 'UTC')::date - 30
     from generate_series(1, $1::int) as n,
       lateral (select timestamptz '${TODAY}' + make_interval(days => case when n <= $2::int then 30 else 31 + n % 700 end) as expires_at) as term`,
    [licenses, DUE],
  );
  await patiently(database, 'vacuum analyze');
  return database;
}

/** Preparing a million rows takes longer than a service may wait for a statement. */
async function patiently(database: Database<NotificationTables>, text: string, values: unknown[] = []): Promise<void> {
  const client = await database.pool.connect();
  try {
    await client.query('set statement_timeout = 0');
    await client.query(text, values);
    await client.query('reset statement_timeout');
  } finally {
    client.release();
  }
}

type Run = { milliseconds: number; mebibytes: number };

/** One run on its day; what it did is removed before the next. Memory: the most that the process has while it runs. */
async function run(database: Database<NotificationTables>): Promise<Run> {
  await patiently(database, `truncate notices, emails, webhook_messages cascade`);
  await patiently(
    database,
    `update maintenance_terms set next_notice_on = '${TODAY}'::date where expires_at = timestamptz '${TODAY}' + interval '30 days'`,
  );
  await patiently(database, 'vacuum analyze maintenance_terms');
  let most = 0;
  const watch = setInterval(() => {
    most = Math.max(most, process.memoryUsage().rss);
  }, 20);
  const begin = performance.now();
  await runNotices({
    database,
    clock: { now: () => new Date(TODAY) },
    ids: systemIds,
    mailDomain: 'mail.example',
    links: { urlOf: (emailId) => `https://licensing.example.com/${emailId}` },
    noticeHour: 6,
    relay: { wake: () => undefined },
    logger: createLogger({ service: 'bench', level: 'warn' }),
  });
  const milliseconds = performance.now() - begin;
  clearInterval(watch);
  const { rows } = await database.pool.query<{ count: number }>('select count(*)::int as count from notices');
  if (rows[0]?.count !== DUE) throw new Error(`${rows[0]?.count} notices were made, not ${DUE}`);
  return { milliseconds, mebibytes: most / 2 ** 20 };
}

import { setTimeout as sleep } from 'node:timers/promises';
import { seededRandom } from '@smartserver/testing';
import pg from 'pg';
import { dose } from '../src/system/dose.ts';
import { until } from '../src/system/people.ts';
import { TestSystem } from '../src/system/system.ts';

// Notices of maintenance by real processes: each is e-mailed once, whatever ends or stands still in between [guarantees.md 10, 13].

const KILLS = dose(4, 100);
/** E-mails that become due between one kill and the next. */
const DUE = 100;
const CONNECTIONS = 5;
const random = seededRandom('notices');

let system: TestSystem;
let database: pg.Pool;

beforeAll(async () => {
  const environment = {
    NOTICE_HOUR: '0',
    NOTICE_EVERY_SECONDS: '1',
    MAIL_CONNECTIONS: String(CONNECTIONS),
    MAIL_PER_SECOND: '300',
    MAIL_TIMEOUT_SECONDS: '5',
  };
  system = await TestSystem.start({ environment, replicas: 2 });
  database = new pg.Pool({ connectionString: system.databases.notification, max: 2 });
}, 120_000);
afterAll(async () => {
  await database?.end();
  await system?.stop();
});
beforeEach(async () => {
  system.mail.messages.length = 0;
  system.mail.refuseWith(null);
  await database.query('truncate customers, maintenance_terms, notices, emails');
});

/** Maintenance that expires in thirty days, each of an account with one contact. @returns the addresses of the contacts */
const due = async (from: number, count: number): Promise<string[]> => {
  const { rows } = await database.query<{ email: string }>(
    `with account as (
       insert into customers (customer_id, partner_id, name, contacts, version)
       select gen_random_uuid(), uuid('00000000-0000-4000-9000-' || lpad((n % 7)::text, 12, '0')), 'P-' || n,
         jsonb_build_array(jsonb_build_object('email', 'facility-' || n || '@example.com', 'name', 'Facility', 'language', 'en')), 1
       from generate_series($1::int, $2::int) as n
       returning customer_id, partner_id, contacts -> 0 ->> 'email' as email
     ), term as (
       insert into maintenance_terms (license_id, customer_id, partner_id, version, device_count, activation_version,
         install_code, segment_name, first_moved_at, starts_at, expires_at, next_notice_on)
       select gen_random_uuid(), customer_id, partner_id, 1, 100, 1, upper(substr(customer_id::text, 1, 8)), 'Building', now(), now(),
         now() + interval '30 days', (now() at time zone 'UTC')::date
       from account
     )
     select email from account`,
    [from, from + count - 1],
  );
  return rows.map(({ email }) => email);
};

const outcomes = async (): Promise<Record<string, number>> => {
  const { rows } = await database.query('select outcome, count(*)::int as count from emails group by 1');
  return Object.fromEntries(rows.map((row) => [row.outcome, row.count]));
};

/** Hours go by while nobody is at work: what was refused, or was on its way when its process ended, is due again. */
const timePasses = () => database.query(`update emails set next_attempt_at = now() where outcome = 'pending'`);

const NAMES = ['notification', 'notification-2'];
const killAll = () => Promise.all(NAMES.map((name) => system.process(name).kill('SIGKILL')));
const startAll = () => Promise.all(NAMES.map((name) => system.process(name).start()));

/** Message-IDs by recipient. */
const arrived = (): Map<string, string[]> => {
  const byRecipient = new Map<string, string[]>();
  for (const { to, messageId } of system.mail.messages)
    byRecipient.set(to[0] ?? '', [...(byRecipient.get(to[0] ?? '') ?? []), messageId]);
  return byRecipient;
};

test(`after ${KILLS} times kill -9 and a mail server that refuses a third of all attempts each notice has come once`, async () => {
  system.mail.refuseWith(451, 3);
  const wanted: string[] = [];
  for (let kill = 0; kill < KILLS; kill += 1) {
    // At any moment from the making of the notices on; every other time right after the server's 250.
    const moment = kill % 2 === 0 ? sleep(random.below(2_500)) : system.mail.accepted(1 + random.below(40));
    wanted.push(...(await due(wanted.length, DUE)));
    await moment;
    await killAll();
    await timePasses();
    await startAll();
  }
  for (let hour = 0; hour < 40; hour += 1) {
    await until(
      async () => {
        const { rows } = await database.query(
          `select (select count(*) from maintenance_terms where next_notice_on <= (now() at time zone 'UTC')::date)
           + (select count(*) from notices where email_id is null)
           + (select count(*) from emails where outcome = 'pending' and next_attempt_at < now() + interval '20 seconds') as busy`,
        );
        return Number(rows[0].busy) === 0;
      },
      'all that is due was tried',
      60,
    );
    if ((await outcomes()).pending === undefined) break;
    await killAll();
    await timePasses();
    await startAll();
  }
  expect(await outcomes()).toEqual({ sent: wanted.length });
  const messages = arrived();
  expect([...messages.keys()].sort()).toEqual(wanted.toSorted());
  // Again only where the process ended between the server's 250 and its record, and under the same Message-ID.
  const repeated = [...messages.values()].filter((ids) => ids.length > 1);
  for (const ids of repeated) expect(new Set(ids).size).toBe(1);
  expect(repeated.length).toBeLessThanOrEqual(KILLS * CONNECTIONS * NAMES.length);
  console.log(`${KILLS} kills, ${wanted.length} notices, ${repeated.length} e-mails repeated`);
}, 1_800_000);

test('a process that stands still in mid-run holds nothing up, and repeats nothing when it goes on', async () => {
  const stopped = system.process('notification');
  const wanted = await due(0, 1_500);
  await until(async () => system.mail.messages.length > 0, 'notices are on their way', 30);
  const { pid } = stopped;
  if (pid === undefined) throw new Error('the process does not run');
  process.kill(pid, 'SIGSTOP');
  try {
    // Longer than its locks in the queue and its transactions in the database last, in the long dose.
    await sleep(dose(3_000, 40_000));
    wanted.push(...(await due(1_500, 60)));
    await until(
      async () => arrived().has(wanted.at(-1) ?? ''),
      'the other process sends what has become due since',
      60,
    );
  } finally {
    process.kill(pid, 'SIGCONT');
  }
  await until(async () => (await outcomes()).sent === wanted.length, 'all notices are sent', 90);
  expect([...arrived().keys()].sort()).toEqual(wanted.toSorted());
  // What the server had taken when the process stopped, and what it could not record before its lease ended.
  const repeated = [...arrived().values()].filter((ids) => ids.length > 1);
  for (const ids of repeated) expect(new Set(ids).size).toBe(1);
  expect(repeated.length).toBeLessThanOrEqual(CONNECTIONS);
}, 300_000);

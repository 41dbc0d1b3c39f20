import { type Database, systemIds } from '@smartserver/service-kit';
import { createTestDatabase, deliver, startMailSink, testClock, testLogger } from '@smartserver/testing';
import { sql } from 'kysely';
import { notificationHandlers } from '../src/consumers/index.ts';
import type { NotificationTables } from '../src/db.ts';
import { type EmailQueue, emailQueue } from '../src/emails/email-store.ts';
import { notificationMigrations } from '../src/migrations.ts';
import { leaseMs } from '../src/sending/delivery.ts';
import { createSender, type SenderLimits, senderLimits } from '../src/sending/sender.ts';
import { type MailTransport, smtpTransport } from '../src/sending/transport.ts';
import { allEmails, anna, customerChanged, jens, transferred } from './support.ts';

let database: Database<NotificationTables>;
let sink: Awaited<ReturnType<typeof startMailSink>>;
let clock: ReturnType<typeof testClock>;
let transport: MailTransport;
const logger = testLogger();

beforeAll(async () => {
  database = await createTestDatabase<NotificationTables>({
    directories: [notificationMigrations],
    service: 'notification',
  });
});
afterAll(() => database.close());

beforeEach(async () => {
  await sql`truncate emails, customers, inbox`.execute(database.kysely);
  clock = testClock();
  sink = await startMailSink();
  transport = transportTo(sink.port);
});
afterEach(async () => {
  transport.close();
  await sink.stop();
});

const transportTo = (port: number) =>
  smtpTransport({ url: `smtp://127.0.0.1:${port}`, from: 'SmartServer <licenses@mail.example>', connections: 5 });
const queue = () => emailQueue(database.kysely);
const sender = (change: { queue?: EmailQueue; transport?: MailTransport; limits?: Partial<SenderLimits> } = {}) =>
  createSender(
    { queue: change.queue ?? queue(), transport: change.transport ?? transport, clock, logger },
    { ...senderLimits, perSecond: 10_000, ...change.limits },
  );

/** Queues one e-mail for each of `contacts`, for each of `events` transfers. */
async function queueEmails(events: number, contacts = [anna, jens], name = 'P2022-0208'): Promise<void> {
  const handlers = notificationHandlers({ clock, ids: systemIds, mailDomain: 'mail.example' });
  await deliver(database, handlers, customerChanged({ contacts, name }));
  for (let i = 0; i < events; i += 1) await deliver(database, handlers, transferred());
}

const outcomes = async () => (await allEmails(database.kysely)).map((email) => email.outcome);
const messageIds = () => sink.messages.map((message) => message.messageId).sort();

test('each recipient gets an own message with the queued Message-ID, and it is recorded as sent', async () => {
  await queueEmails(1);
  await sender().sendDue();
  const emails = await allEmails(database.kysely);
  expect(messageIds()).toEqual(emails.map((email) => email.message_id).sort());
  expect(sink.messages.flatMap((message) => message.to).sort()).toEqual([anna.email, jens.email]);
  for (const email of emails) expect(email).toMatchObject({ outcome: 'sent', sent_at: clock.now(), failure: null });
});

test('the German e-mail arrives with its umlauts', async () => {
  await queueEmails(1, [jens], 'Büro Süd');
  await sender().sendDue();
  expect(sink.messages[0]?.subject).toBe('1 Lizenz wurde an Büro Süd übertragen');
  expect(sink.messages[0]?.text).toContain('Guten Tag Jens Müller,');
});

test('a hostile customer or contact name adds no header and no recipient', async () => {
  const hostile = 'x\r\nBcc: victim@example.com\r\nSubject: other';
  await queueEmails(1, [{ ...anna, name: hostile }], hostile);
  await sender().sendDue();
  expect(sink.messages).toHaveLength(1);
  expect(sink.messages[0]?.subject).toBe('1 license was transferred to x Bcc: victim@example.com Subject: other');
  expect([sink.messages[0]?.to].flat()).toEqual([anna.email]);
});

test('two senders at once send each of 60 e-mails once', async () => {
  await queueEmails(30);
  await Promise.all([sender().sendDue(), sender({ transport: transportTo(sink.port) }).sendDue()]);
  const emails = await allEmails(database.kysely);
  expect(messageIds()).toEqual(emails.map((email) => email.message_id).sort());
  expect(new Set(emails.map((email) => email.outcome))).toEqual(new Set(['sent']));
});

describe('the mail server is down', () => {
  test('nothing is lost, however long: all is sent once it is back', async () => {
    await queueEmails(10);
    const { port } = sink;
    await sink.stop();
    const patient = sender();
    for (let hour = 0; hour < 24 * 10; hour += 1) {
      await patient.sendDue();
      clock.advance(3_600_000);
    }
    expect(new Set(await outcomes())).toEqual(new Set(['pending']));
    expect((await allEmails(database.kysely)).some((email) => email.failure?.includes('mail server'))).toBe(true);

    sink = await startMailSink({ port });
    await patient.sendDue();
    clock.advance(60_000);
    await patient.sendDue();
    expect(new Set(await outcomes())).toEqual(new Set(['sent']));
    expect(new Set(messageIds()).size).toBe(20);
    expect(sink.messages).toHaveLength(20);
  });

  test('only one e-mail at a time tries whether it is back', async () => {
    await queueEmails(10);
    let tries = 0;
    const down: MailTransport = {
      send: () => {
        tries += 1;
        return Promise.reject(Object.assign(new Error('down'), { code: 'ESOCKET' }));
      },
      close() {},
    };
    const patient = sender({ transport: down });
    await patient.sendDue();
    const first = tries;
    expect(first).toBeLessThanOrEqual(senderLimits.connections);
    clock.advance(1_000);
    await patient.sendDue();
    expect(tries).toBe(first + 1);
    clock.advance(1_000);
    await patient.sendDue();
    expect(tries).toBe(first + 1);
  });
});

describe('what the mail server answers', () => {
  test('4xx: the e-mail is tried again after a minute, with the same Message-ID, and the reason is visible meanwhile', async () => {
    await queueEmails(1, [anna]);
    sink.refuseWith(450);
    await sender().sendDue();
    const [deferred] = await allEmails(database.kysely);
    expect(deferred).toMatchObject({ outcome: 'pending', deferrals: 1, failure: expect.stringContaining('450') });
    sink.refuseWith(null);
    await sender().sendDue();
    expect(sink.messages).toHaveLength(0);
    clock.advance(60_000);
    await sender().sendDue();
    expect(messageIds()).toEqual([deferred?.message_id]);
    expect(await outcomes()).toEqual(['sent']);
  });

  test('5xx: the e-mail has failed, with the reason, and is not tried again', async () => {
    await queueEmails(1, [anna]);
    sink.refuseWith(550);
    await sender().sendDue();
    const [failed] = await allEmails(database.kysely);
    expect(failed).toMatchObject({ outcome: 'failed', failure: expect.stringContaining('550'), sent_at: null });
    sink.refuseWith(null);
    clock.advance(30 * 86_400_000);
    await sender().sendDue();
    expect(sink.messages).toHaveLength(0);
  });

  test('one refused e-mail does not hold up the others', async () => {
    await queueEmails(1, [anna]);
    sink.refuseWith(550);
    await sender().sendDue();
    sink.refuseWith(null);
    await queueEmails(1, [jens]);
    await sender().sendDue();
    expect(sink.messages).toHaveLength(1);
    expect((await outcomes()).sort()).toEqual(['failed', 'sent']);
  });

  test('an e-mail deferred for five days is given up, with the reason', async () => {
    await queueEmails(1, [anna]);
    sink.refuseWith(451);
    const patient = sender();
    for (let i = 0; i < 38; i += 1) {
      await patient.sendDue();
      clock.advance(4 * 3_600_000);
    }
    expect(await allEmails(database.kysely)).toMatchObject([{ outcome: 'failed', attempts: 38 }]);
  });
});

describe('a crash', () => {
  test('between the server’s 250 and the record repeats the e-mail with the same Message-ID, and only after the lease', async () => {
    await queueEmails(1, [anna]);
    // What the sender does up to the 250; then the process is gone.
    const leaseEnd = new Date(clock.now().getTime() + leaseMs);
    const [email] = await queue().lease({ limit: 1, now: clock.now(), leaseEnd });
    if (!email) throw new Error('nothing was due');
    await transport.send(email);

    await sender().sendDue();
    expect(sink.messages).toHaveLength(1);
    clock.advance(leaseMs);
    await sender().sendDue();
    expect(messageIds()).toEqual([email.messageId, email.messageId]);
    expect(await outcomes()).toEqual(['sent']);
  });

  test('before the mail server was reached loses nothing', async () => {
    await queueEmails(1, [anna]);
    await queue().lease({ limit: 1, now: clock.now(), leaseEnd: new Date(clock.now().getTime() + leaseMs) });
    clock.advance(leaseMs);
    await sender().sendDue();
    expect(sink.messages).toHaveLength(1);
  });

  test('of the database after the 250 does not repeat it: recording goes on until it succeeds', async () => {
    await queueEmails(1, [anna]);
    let failures = 3;
    const flaky: EmailQueue = {
      ...queue(),
      recordSent: (lease, at) => {
        failures -= 1;
        return failures >= 0 ? Promise.reject(new Error('the database is away')) : queue().recordSent(lease, at);
      },
    };
    await sender({ queue: flaky }).sendDue();
    expect(await outcomes()).toEqual(['sent']);
    expect(sink.messages).toHaveLength(1);
  });

  test('a sender that lost its lease does not overwrite what the next one recorded', async () => {
    await queueEmails(1, [anna]);
    const due = { limit: 1, now: clock.now(), leaseEnd: clock.now() };
    const [slow] = await queue().lease(due);
    const [next] = await queue().lease(due);
    if (!slow || !next) throw new Error('nothing was due');
    await queue().recordFailed(slow, 'too late');
    expect(await outcomes()).toEqual(['pending']);
    await queue().recordSent(next, clock.now());
    await queue().recordRetry(slow, { at: clock.now(), failure: 'too late', deferred: true });
    expect(await allEmails(database.kysely)).toMatchObject([{ outcome: 'sent', failure: null }]);
  });
});

test('no more e-mails a second are sent than the limit allows', async () => {
  await queueEmails(5);
  const slow = sender({ limits: { perSecond: 4 } });
  await slow.sendDue();
  expect(sink.messages).toHaveLength(4);
  clock.advance(500);
  await slow.sendDue();
  expect(sink.messages).toHaveLength(6);
  clock.advance(60_000);
  await slow.sendDue();
  expect(sink.messages).toHaveLength(10);
});

describe('the running sender', () => {
  test('is woken by a commit, and stop() lets the e-mail on its way finish', async () => {
    const running = sender({ limits: { pollMs: 60_000 } });
    running.start();
    await queueEmails(1, [anna]);
    const arrived = new Promise<void>((resolve) => {
      const real = transport.send;
      transport.send = async (email) => {
        resolve();
        await real(email);
      };
    });
    running.wake();
    await arrived;
    await running.stop();
    expect(await outcomes()).toEqual(['sent']);
    expect(sink.messages).toHaveLength(1);
  });

  test('stop() cuts an e-mail that takes too long; it stays due', async () => {
    await queueEmails(1, [anna]);
    let cut = (_error: Error) => {};
    const stuck: MailTransport = {
      send: () => new Promise((_resolve, reject) => (cut = reject)),
      close: () => cut(Object.assign(new Error('closed'), { code: 'ECONNECTION' })),
    };
    const running = sender({ transport: stuck, limits: { drainMs: 20 } });
    running.start();
    await running.stop();
    expect(await outcomes()).toEqual(['pending']);
    clock.advance(60_000);
    await sender().sendDue();
    expect(await outcomes()).toEqual(['sent']);
  });

  test('logs no address and no text of an e-mail', async () => {
    await queueEmails(1, [anna]);
    sink.refuseWith(550);
    await sender().sendDue();
    expect(JSON.stringify(logger.lines())).not.toContain(anna.email);
    expect(JSON.stringify(logger.lines())).not.toContain('P2022-0208');
  });
});

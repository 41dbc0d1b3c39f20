import { type Database, systemIds } from '@smartserver/service-kit';
import {
  createTestDatabase,
  deliver,
  type MailSink,
  startMailSink,
  type TestClock,
  testClock,
  testLogger,
} from '@smartserver/testing';
import { sql } from 'kysely';
import type { Pace } from '../src/delivery/deliveries.sql.ts';
import type { Quota } from '../src/delivery/sender.ts';
import {
  createSender,
  type Lane,
  leaseMs as leaseMsOf,
  type Sender,
  type SenderOptions,
  senderDefaults,
} from '../src/delivery/sender.ts';
import { emailLane } from '../src/emails/email-lane.ts';
import { type LeasedEmail, type MailTransport, smtpTransport } from '../src/emails/smtp.ts';
import { eventHandlers } from '../src/events.ts';
import type { Tables } from '../src/model/tables.ts';
import { notification } from '../src/service.ts';
import { allEmails, anna, customerChanged, jens, testLinks, transferred } from './support.ts';

const timing = { attemptMs: 60_000, recordMs: 60_000 };
export const leaseMs = leaseMsOf(timing);

export type SenderChange = {
  lanes?: readonly Lane<LeasedEmail>[];
  transport?: MailTransport;
  options?: Partial<SenderOptions>;
  perSecond?: number;
  /** Of the process that the sender runs in. */
  clock?: TestClock;
};

/** A real database, a real mail server on a loopback port and a clock that stands still: for tests of sending. */
export class SendingBench {
  readonly logger = testLogger();
  private opened: { database: Database<Tables>; sink: MailSink; clock: TestClock } | null = null;
  private transports: MailTransport[] = [];

  /** Registers the hooks of a test file. */
  static install(): SendingBench {
    const bench = new SendingBench();
    let database: Database<Tables>;
    beforeAll(async () => {
      const directories = [notification.migrations];
      database = await createTestDatabase<Tables>({ directories, service: 'notification' });
    });
    afterAll(() => database.close());
    beforeEach(async () => {
      await sql`truncate emails, customers, inbox`.execute(database.kysely);
      await sql`update pace set tokens = 0, updated_at = 'epoch'`.execute(database.kysely);
      bench.opened = { database, sink: await startMailSink(), clock: testClock() };
    });
    afterEach(() => bench.stopMailServer());
    return bench;
  }

  private get parts() {
    if (!this.opened) throw new Error('only within a test');
    return this.opened;
  }
  get sink(): MailSink {
    return this.parts.sink;
  }
  get clock(): TestClock {
    return this.parts.clock;
  }
  get database(): Database<Tables> {
    return this.parts.database;
  }
  /** What may be leased now, for as long as a sender would. */
  due(limit: number, leaseFor = leaseMs): Quota {
    const now = this.clock.now();
    return { limit, now, leaseEnd: new Date(now.getTime() + leaseFor), busy: new Map() };
  }

  pace(perSecond = 10_000): Pace {
    return { name: 'e-mails', perSecond };
  }

  lane(transport = this.transport(), perSecond?: number): Lane<LeasedEmail> {
    return emailLane({ db: this.database.kysely, transport, links: testLinks, pace: this.pace(perSecond) });
  }

  transport(): MailTransport {
    const url = `smtp://127.0.0.1:${this.sink.port}`;
    const transport = smtpTransport({
      url,
      from: 'SmartServer <licenses@mail.example>',
      returnPath: '',
      connections: 5,
      timeoutMs: timing.attemptMs,
    });
    this.transports.push(transport);
    return transport;
  }

  sender(change: SenderChange = {}): Sender {
    const { transport = this.transport(), perSecond, options } = change;
    const { logger } = this;
    return createSender(
      { clock: change.clock ?? this.clock, logger, onCut: () => transport.close() },
      change.lanes ?? [this.lane(transport, perSecond)],
      {
        ...senderDefaults,
        ...timing,
        connections: 5,
        ...options,
      },
    );
  }

  async stopMailServer(): Promise<void> {
    for (const transport of this.transports.splice(0)) transport.close();
    await this.sink.stop();
  }

  /** A mail server on the port of the one that was stopped. */
  async restartMailServer(): Promise<void> {
    this.parts.sink = await startMailSink({ port: this.sink.port });
  }

  /** Queues one e-mail for each of `contacts`, for each of `events` transfers. */
  async queueEmails(events: number, contacts = [anna, jens], name = 'P2022-0208'): Promise<void> {
    const handlers = eventHandlers({ clock: this.clock, ids: systemIds, mailDomain: 'mail.example' });
    const { database } = this;
    await deliver(database, handlers, customerChanged({ contacts, name }));
    for (let i = 0; i < events; i += 1) await deliver(database, handlers, transferred());
  }

  emails() {
    return allEmails(this.database.kysely);
  }
  async outcomes(): Promise<string[]> {
    return (await this.emails()).map((email) => email.outcome);
  }
  messageIds(): string[] {
    return this.sink.messages.map((message) => message.messageId).sort();
  }
}

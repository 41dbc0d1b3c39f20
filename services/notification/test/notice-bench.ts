import type { EventEnvelope } from '@smartserver/contracts';
import { type Database, systemIds } from '@smartserver/service-kit';
import { createTestDatabase, deliver, fakeRelay, type TestClock, testClock, testLogger } from '@smartserver/testing';
import { sql } from 'kysely';
import { notificationHandlers } from '../src/consumers/index.ts';
import { notificationMigrations } from '../src/migrations.ts';
import type { Tables } from '../src/model/tables.ts';
import { runNotices } from '../src/notices/notice-run-service.ts';
import { SettingsService } from '../src/settings/settings-service.ts';
import { allEmails, licenseChanged, movedOn, testLinks } from './support.ts';

export const licenseId = (n: number): string => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}` as string;

/** A real database and a clock that is set: for tests of what is told, to whom and when. */
export class NoticeBench {
  readonly clock: TestClock = testClock();
  private opened: Database<Tables> | null = null;

  /** Registers the hooks of a test file. */
  static install(): NoticeBench {
    const bench = new NoticeBench();
    beforeAll(async () => {
      const directories = [notificationMigrations];
      bench.opened = await createTestDatabase<Tables>({ directories, service: 'notification' });
    });
    afterAll(() => bench.opened?.close());
    beforeEach(() => bench.clear());
    return bench;
  }

  get database(): Database<Tables> {
    if (this.opened === null) throw new Error('only within a test');
    return this.opened;
  }

  get settings(): SettingsService {
    const { database, clock } = this;
    return new SettingsService({ database, clock, relay: fakeRelay, eventually: (read) => read() });
  }

  async clear(): Promise<void> {
    await sql`truncate maintenance_terms, notices, emails, customers, notification_settings, digest_settings, silences, inbox,
      webhook_endpoints, webhook_messages cascade`.execute(this.database.kysely);
  }

  async arrive(...events: EventEnvelope[]): Promise<void> {
    const { clock } = this;
    const handlers = notificationHandlers({ clock, ids: systemIds, mailDomain: 'mail.example' });
    for (const event of events) await deliver(this.database, handlers, event);
  }

  /** License `n` on a controller, until `expiresAt`. */
  async activate(
    n: number,
    expiresAt: string,
    of: { license?: Parameters<typeof licenseChanged>[0]; move?: object; place?: Parameters<typeof movedOn>[1] } = {},
  ): Promise<void> {
    const occurredAt = this.clock.now().toISOString();
    const changed = licenseChanged({ licenseId: licenseId(n), ...of.license });
    const deviceCount = changed.data.deviceCount;
    const move = { licenseId: licenseId(n), deviceCount, expiresAt, activatedAt: occurredAt, ...of.move };
    const { customerId, partnerId } = changed.data;
    const place = { ...(customerId === null ? {} : { customerId }), partnerId, ...of.place };
    await this.arrive({ ...changed, occurredAt }, { ...movedOn([move], place), occurredAt });
    // What is told of the activation itself is another test's matter.
    await sql`delete from emails where subject = 'licenses_activated'`.execute(this.database.kysely);
  }

  /** Runs at an instant, as the schedule would. */
  async runAt(instant: string): Promise<void> {
    this.clock.set(instant);
    await this.run();
  }

  run(clock = this.clock): Promise<void> {
    return runNotices({
      database: this.database,
      clock,
      ids: systemIds,
      mailDomain: 'mail.example',
      links: testLinks,
      noticeHour: 6,
      relay: fakeRelay,
      logger: testLogger(),
    });
  }

  async emails() {
    return (await allEmails(this.database.kysely)).filter(({ subject }) => subject.startsWith('maintenance'));
  }

  /** Day, recipient, subject, outcome of each e-mail, and the licenses that it tells of. */
  async told() {
    const emails = await this.emails();
    const { rows } = await sql<{ email_id: string; licenses: string[] }>`
      select email_id, array_agg(license_id order by license_id) as licenses from notices
      where email_id is not null group by 1`.execute(this.database.kysely);
    const licenses = new Map(rows.map((row) => [row.email_id, row.licenses.map((id) => Number(id.slice(-12)))]));
    return emails.map((email) => [
      email.created_at.toISOString().slice(0, 10),
      email.recipient,
      email.subject,
      licenses.get(email.email_id) ?? [],
    ]);
  }

  async outcomes(): Promise<string[]> {
    return (await this.emails()).map(({ outcome }) => outcome);
  }
}

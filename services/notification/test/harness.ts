import type { Actor, EventEnvelope } from '@smartserver/contracts';
import { createSeal, type Database, type RequestContext } from '@smartserver/service-kit';
import {
  actors,
  createTestDatabase,
  deliver,
  fakeRelay,
  testClock,
  testIds,
  testLogger,
  testVerifier,
} from '@smartserver/testing';
import type { FastifyInstance } from 'fastify';
import { sql } from 'kysely';
import type { Deps } from '../src/deps.ts';
import { eventHandlers } from '../src/events.ts';
import { DEFAULT_SETTINGS } from '../src/model/settings.ts';
import type { Tables } from '../src/model/tables.ts';
import { putSettings } from '../src/notification-settings/settings.ts';
import { runNotices } from '../src/run-notices/run.ts';
import { notification } from '../src/service.ts';
import { allEmails, customerA, licenseChanged, movedOn, testLinks } from './support.ts';

export const licenseId = (n: number): string => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;

/** Of a request of Customer Success, for use cases that are called without HTTP. */
export const staffContext: RequestContext = {
  actor: actors.staff(),
  requestId: '1',
  traceparent: null,
  idempotency: null,
};

type Request = { version?: number | '*'; key?: string; headers?: Record<string, string>; body?: object | string };

/** What use cases get, with a relay and senders that do nothing. */
export const testDeps = (
  given: Pick<Deps, 'clock' | 'ids' | 'database' | 'logger'> & Partial<Pick<Deps, 'webhookSeal' | 'targetRules'>>,
): Deps => ({
  relay: fakeRelay,
  projections: { waitFor: (read) => read() },
  mailDomain: 'mail.example',
  noticeHour: 6,
  noticeEverySeconds: 900,
  links: testLinks,
  webhookSeal: createSeal(Buffer.alloc(32)),
  targetRules: { allowInsecure: false },
  senders: { name: 'senders', start: () => undefined, stop: async () => undefined },
  ...given,
});

/** The service without its senders, on a real database, with a clock that stands still. */
export class Harness {
  readonly clock = testClock();
  readonly ids = testIds();
  database!: Database<Tables>;
  app!: FastifyInstance;

  /** Registers the hooks of a test file. */
  static install(): Harness {
    const harness = new Harness();
    beforeAll(() => harness.open());
    afterAll(async () => {
      await harness.app.close();
      await harness.database.close();
    });
    beforeEach(() => harness.clear());
    return harness;
  }

  private async open(): Promise<void> {
    const directories = [notification.migrations];
    this.database = await createTestDatabase<Tables>({ directories, service: 'notification' });
    this.app = await notification.buildApp(this.deps, { verifier: testVerifier });
  }

  get deps(): Deps {
    const { clock, ids, database } = this;
    return testDeps({ clock, ids, database, logger: testLogger() });
  }

  async clear(): Promise<void> {
    await sql`truncate maintenance_terms, notices, emails, customers, partners, notification_settings, digest_settings, silences,
      inbox, idempotency_keys, webhook_endpoints, webhook_messages cascade`.execute(this.database.kysely);
  }

  /** Events, one after the other. */
  async arrive(...events: EventEnvelope[]): Promise<void> {
    for (const event of events) await deliver(this.database, eventHandlers(this.deps), event);
  }

  request(actor: Actor | null, method: 'GET' | 'PUT' | 'POST', url: string, options: Request = {}) {
    const { version, key, headers, body } = options;
    return this.app.inject({
      method,
      url,
      headers: {
        ...(actor === null ? {} : { authorization: `Bearer ${testVerifier.tokenFor(actor)}` }),
        ...(version === undefined ? {} : { 'if-match': version === '*' ? '*' : `"${version}"` }),
        ...(key === undefined ? {} : { 'idempotency-key': key }),
        ...headers,
      },
      ...(body === undefined ? {} : { payload: body }),
    });
  }

  /** License `n` on a controller, until `expiresAt`. */
  async activate(
    n: number,
    expiresAt: string,
    of: { license?: Parameters<typeof licenseChanged>[0]; move?: object; place?: Parameters<typeof movedOn>[1] } = {},
  ): Promise<void> {
    const occurredAt = this.clock.now().toISOString();
    const changed = licenseChanged({ licenseId: licenseId(n), ...of.license });
    const { customerId, partnerId, deviceCount } = changed.data;
    const move = { licenseId: licenseId(n), deviceCount, expiresAt, activatedAt: occurredAt, ...of.move };
    const place = { ...(customerId === null ? {} : { customerId }), partnerId, ...of.place };
    await this.arrive({ ...changed, occurredAt }, { ...movedOn([move], place), occurredAt });
    // E-mails about the activation itself are another test's matter.
    await sql`delete from emails where subject = 'licenses_activated'`.execute(this.database.kysely);
  }

  /** Settings of an account, by Customer Success; what is not given is as by default. */
  putSettings(change: Partial<typeof DEFAULT_SETTINGS>, customerId: string = customerA) {
    const { version: _, ...defaults } = DEFAULT_SETTINGS;
    return putSettings(this.deps, staffContext, customerId, { ...defaults, ...change }, () => undefined);
  }

  /** Runs at an instant, as the schedule would. */
  async runAt(instant: string): Promise<void> {
    this.clock.set(instant);
    await this.run();
  }

  run(): Promise<void> {
    return runNotices(this.deps);
  }

  /** E-mails about maintenance, oldest first. */
  async emails() {
    return (await allEmails(this.database.kysely)).filter(({ subject }) => subject.startsWith('maintenance'));
  }

  /** Day, recipient, subject of each e-mail about maintenance, and the licenses in it. */
  async notified() {
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

import { type EventEnvelope, normalizeInstallCode } from '@smartserver/contracts';
import { type EventHandler, forEachEvent, type Handlers, receiveEvents, systemIds } from '@smartserver/service-kit';
import { actors, fakeRelay } from '@smartserver/testing';
import { sql } from 'kysely';
import { notificationHandlers } from '../src/consumers/index.ts';
import { onLicensesMoved } from '../src/consumers/licenses-moved.ts';
import type { Tables } from '../src/model/tables.ts';
import { DigestService } from '../src/settings/digest-service.ts';
import { TermService } from '../src/terms/term-service.ts';
import { type Subscription, silence, unsilence } from '../src/unsubscribing/unsubscribe-store.ts';
import { licenseId, NoticeBench } from './notice-bench.ts';
import { type Action, partnerOf, STAFF } from './simulation/actions.ts';
import { Model } from './simulation/model.ts';
import { dayAt, Script } from './simulation/script.ts';
import { customerChanged, licenseChanged, movedOff, movedOn } from './support.ts';

const LONG = process.env.DOSE === 'long';
const CONTROLLERS = Number(process.env.NOTICE_CONTROLLERS ?? (LONG ? 20_000 : 120));
const DAYS = Number(process.env.NOTICE_DAYS ?? (LONG ? 3 * 365 + 1 : 480));
const AT_ONCE = 3;
/** Events in one transaction. */
const PARCEL = 50;
const SEED = Number(process.env.SEED ?? Date.now() % 1_000_000);

const bench = NoticeBench.install();
const uuid = (kind: number, n: number) =>
  `${String(kind).padStart(8, '0')}-0000-4000-8000-${String(n).padStart(12, '0')}`;
const customerId = (account: number) => uuid(1, account) as string;
const partnerId = (partner: number) => uuid(2, partner) as string;
const context = { actor: actors.staff(), requestId: '1', traceparent: null, idempotency: null };

type LicenseAction = Extract<Action, { license: number }>;

/** The versions that the services would count. */
class World {
  private readonly versions = new Map<string, number>();
  private readonly handlers: Handlers<Tables> = {
    ...notificationHandlers({ clock: bench.clock, ids: systemIds, mailDomain: 'mail.example' }),
    // What is told of an activation itself is another test's matter.
    'licenses.activated.1': forEachEvent(onLicensesMoved(new TermService(bench.clock))),
  };
  private readonly licenses = new Map<number, Extract<Action, { do: 'activate' }> & { begun: string }>();
  private readonly roots = new Map<number, number>();

  private next(key: string): number {
    const version = (this.versions.get(key) ?? 0) + 1;
    this.versions.set(key, version);
    return version;
  }

  async apply(action: Action, at: number): Promise<void> {
    const ignore = () => undefined;
    if (action.do === 'settings') {
      await bench.settings.put(customerId(action.account), { ...action.settings, language: 'en' }, ignore, context);
    } else if (action.do === 'digest') {
      const { database, clock } = bench;
      const digests = new DigestService({ database, clock, relay: fakeRelay, eventually: (read) => read() });
      const named = action.partner === STAFF ? undefined : partnerId(action.partner);
      await digests.put(named, { ...action.settings, language: 'en' }, ignore, context);
    } else if (action.do === 'silence' || action.do === 'unsilence') {
      const of = { partnerId: action.partner === STAFF ? null : partnerId(action.partner), recipient: action.email };
      const subscription: Subscription = { ...of, language: 'en' };
      await bench.database.kysely
        .transaction()
        .execute((trx) =>
          action.do === 'silence'
            ? silence(trx, subscription, 'unsubscribed', new Date(at))
            : unsilence(trx, subscription),
        );
    } else {
      await this.arrive(this.events(action, new Date(at).toISOString()));
    }
  }

  /** What happens to licenses, as parcels of the queues tell it: many events in one transaction, several at the same time. */
  async applyAll(actions: readonly Action[], at: number): Promise<void> {
    const lanes: EventEnvelope[][] = Array.from({ length: AT_ONCE }, () => []);
    for (const [n, family] of this.familiesOf(actions).entries()) {
      for (const action of family) lanes[n % AT_ONCE]?.push(...this.events(action, new Date(at).toISOString()));
    }
    await Promise.all(lanes.map((lane) => this.arrive(lane)));
  }

  private async arrive(events: readonly EventEnvelope[]): Promise<void> {
    for (let next = 0; next < events.length; next += PARCEL) {
      const parcel = events.slice(next, next + PARCEL);
      await receiveEvents(
        bench.database,
        'notification-states',
        parcel.map((event) => ({ event, handler: this.handlers[event.type] as EventHandler<Tables> })),
      );
    }
  }

  /** Of a license and its renewals, one thing happens after the other; of others it may happen at the same time. */
  private familiesOf(actions: readonly Action[]): LicenseAction[][] {
    const families = new Map<number, LicenseAction[]>();
    for (const action of actions) {
      if (!('license' in action)) continue;
      const { license } = action;
      if (action.do === 'activate') this.roots.set(license, this.roots.get(action.renews ?? -1) ?? license);
      const root = this.roots.get(license) ?? license;
      families.set(root, [...(families.get(root) ?? []), action]);
    }
    return [...families.values()];
  }

  private events(
    action: Exclude<Action, { do: 'settings' | 'digest' | 'silence' | 'unsilence' }>,
    at: string,
  ): EventEnvelope[] {
    return this.newsOf(action, at).map((event) => ({ ...event, occurredAt: at }) as EventEnvelope);
  }

  private newsOf(action: Parameters<World['events']>[0], at: string) {
    if (action.do === 'contacts') {
      const contacts = action.contacts.map((email) => ({ email, name: '', language: 'en' as const }));
      const of = { customerId: customerId(action.account), partnerId: partnerId(partnerOf(action.account)) };
      return [
        customerChanged({ ...of, name: `P-${action.account}`, contacts, version: this.next(`c${action.account}`) }),
      ];
    }
    if (action.do === 'activate') this.licenses.set(action.license, { ...action, begun: at });
    const license = this.licenses.get(action.license);
    if (license === undefined) throw new Error('nobody knows this license');
    const of = { customerId: customerId(license.account), partnerId: partnerId(partnerOf(license.account)) };
    const standing = action.do === 'standing' ? action.standing : 'good';
    const changed = licenseChanged({
      ...of,
      licenseId: licenseId(license.license),
      deviceCount: license.devices,
      renews: license.renews === null ? null : licenseId(license.renews),
      standing,
      version: ['activate', 'standing'].includes(action.do) ? this.next(`l${license.license}`) : 0,
    });
    if (action.do === 'standing') return [changed];
    if (action.do === 'move') license.controller = action.controller;
    const place = {
      ...of,
      installCode: normalizeInstallCode(uuid(3, license.controller)),
      segmentName: `S-${license.controller}`,
    };
    const move = {
      licenseId: licenseId(license.license),
      deviceCount: license.devices,
      activatedAt: license.begun,
      expiresAt: new Date(license.expires).toISOString(),
      activationVersion: this.next(`a${license.license}`),
    };
    const moved = action.do === 'return' ? movedOff([move], place) : movedOn([move], place);
    return action.do === 'activate' ? [changed, moved] : [moved];
  }
}

const actuallyTold = async (): Promise<string[]> => {
  const { rows } = await sql<{ about: string; outcome: string; lines: string }>`
    select (extract(epoch from e.created_at) * 1000)::bigint || ' ' || coalesce(right(e.partner_id::text, 1), ${String(STAFF)}) || ' ' || lower(e.recipient) || ' ' || substr(e.subject, 13) as about,
      e.outcome,
      (select string_agg(right(n.license_id::text, 12)::int || ':' || coalesce(n.threshold::text, 'null'), ' '
         order by right(n.license_id::text, 12)::int, n.threshold)
       from notices n where n.email_id = e.email_id) as lines
    from emails e where e.subject like 'maintenance%'`.execute(bench.database.kysely);
  return rows.map(({ about, outcome, lines }) => `${about} ${outcome} ${lines}`);
};

const expected = (model: Model): string[] =>
  model.emails.map(({ about, outcome, lines }) => {
    const sorted = lines
      .map(({ license, threshold }) => ({ id: license.license, threshold }))
      .toSorted((a, b) => a.id - b.id || (a.threshold ?? -1) - (b.threshold ?? -1));
    return `${about} ${outcome} ${sorted.map(({ id, threshold }) => `${id}:${threshold}`).join(' ')}`;
  });

test(
  `${DAYS} days with ${CONTROLLERS} controllers: each notice that is due is told once, on its day, and no other (seed ${SEED})`,
  async () => {
    const script = new Script(SEED, CONTROLLERS / 300, CONTROLLERS);
    const [world, model, down, mailDown] = [new World(), new Model(), script.down(), script.down()];
    await sql`insert into partners (partner_id, name, version)
      select ('00000002-0000-4000-8000-00000000000' || n)::uuid, 'Partner ' || n, 1 from generate_series(0, 9) as n
      on conflict do nothing`.execute(bench.database.kysely);
    for (let day = 0; day < DAYS; day += 1) {
      // As autovacuum would in as many days.
      if (day % 30 === 0) await sql`analyze maintenance_terms, notices, emails`.execute(bench.database.kysely);
      const [isDown, isMailDown] = [down(0.02), mailDown(0.02)];
      model.newDay(dayAt(day, 0));
      for (const hour of [5, 12]) {
        const at = dayAt(day, hour);
        bench.clock.set(new Date(at).toISOString());
        for (const action of script.accounts(day === 0 && hour === 5)) {
          model.apply(action, at);
          await world.apply(action, at);
        }
        const actions = script.ofLicenses(at);
        for (const action of actions) model.apply(action, at);
        await world.applyAll(actions, at);
        if (isDown) continue;
        const runAt = dayAt(day, hour + 1);
        bench.clock.set(new Date(runAt).toISOString());
        model.run(runAt);
        await bench.run();
      }
      if (isMailDown) continue;
      model.send();
      await sql`update emails set outcome = 'sent', sent_at = now() where outcome = 'pending'`.execute(
        bench.database.kysely,
      );
    }
    const [actual, wanted] = [(await actuallyTold()).sort(), expected(model).sort()];
    const inModel = new Set(wanted);
    const inReality = new Set(actual);
    // The first differences, not a hundred thousand lines.
    expect({
      notTold: wanted.filter((email) => !inReality.has(email)).slice(0, 10),
      toldTooMuch: actual.filter((email) => !inModel.has(email)).slice(0, 10),
    }).toEqual({ notTold: [], toldTooMuch: [] });
    expect(actual).toHaveLength(wanted.length);
    const cancelled = actual.filter((email) => email.includes(' cancelled ')).length;
    console.log(
      `${actual.length} e-mails with ${model.emails.flatMap(({ lines }) => lines).length} notices, ${cancelled} cancelled`,
    );
    expect(actual.length).toBeGreaterThan(CONTROLLERS);
  },
  LONG ? 7_200_000 : 120_000,
);

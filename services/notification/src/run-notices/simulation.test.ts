import type { EventEnvelope } from '@smartserver/contracts';
import { type EventHandler, forEachEvent, type Handlers, receiveEvents } from '@smartserver/service-kit';
import { announcedSeed } from '@smartserver/testing';
import { sql } from 'kysely';
import { Harness, licenseId, staffContext } from '../../test/harness.ts';
import { type Action, partnerOf, STAFF } from '../../test/simulation/actions.ts';
import { Model } from '../../test/simulation/model.ts';
import { dayAt, Script } from '../../test/simulation/script.ts';
import { customerChanged, licenseChanged, movedOff, movedOn } from '../../test/support.ts';
import { putDigestSettings } from '../digest-settings/settings.ts';
import { eventHandlers } from '../events.ts';
import { projectMoves } from '../maintenance-terms/project.ts';
import type { Tables } from '../model/tables.ts';
import { putSettings } from '../notification-settings/settings.ts';
import { silence } from '../unsubscribe/silence.ts';
import { removeUnsubscription } from '../unsubscribe/unsubscribe.ts';

const LONG = process.env.DOSE === 'long';
const CONTROLLERS = Number(process.env.NOTICE_CONTROLLERS ?? (LONG ? 20_000 : 120));
const DAYS = Number(process.env.NOTICE_DAYS ?? (LONG ? 3 * 365 + 1 : 480));
const AT_ONCE = 3;
/** Events in one transaction. */
const BATCH = 50;

const harness = Harness.install();
const uuid = (kind: number, n: number) =>
  `${String(kind).padStart(8, '0')}-0000-4000-8000-${String(n).padStart(12, '0')}`;
const customerId = (account: number) => uuid(1, account);
const partnerId = (partner: number) => uuid(2, partner);

type LicenseAction = Extract<Action, { license: number }>;

/** The versions that the services would count. */
class World {
  private readonly versions = new Map<string, number>();
  private readonly handlers: Handlers<Tables> = {
    ...eventHandlers(harness.deps),
    // E-mails about the activation itself are another test's matter.
    'licenses.activated.1': forEachEvent((trx, event) => projectMoves(trx, harness.deps, event)),
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
      const settings = { ...action.settings, language: 'en' as const };
      await putSettings(harness.deps, staffContext, customerId(action.account), settings, ignore);
    } else if (action.do === 'digest') {
      const settings = { ...action.settings, language: 'en' as const };
      const named = action.partner === STAFF ? undefined : partnerId(action.partner);
      await putDigestSettings(harness.deps, staffContext, named, settings, ignore);
    } else if (action.do === 'silence' || action.do === 'unsilence') {
      const of = { partnerId: action.partner === STAFF ? null : partnerId(action.partner), recipient: action.email };
      await harness.database.kysely
        .transaction()
        .execute((trx) =>
          action.do === 'silence'
            ? silence(trx, { ...of, reason: 'unsubscribed', since: new Date(at) })
            : removeUnsubscription(trx, of),
        );
    } else {
      await this.arrive(this.events(action, new Date(at).toISOString()));
    }
  }

  /** What happens to licenses, in batches as the queues deliver them: many events in one transaction, several at the same time. */
  async applyAll(actions: readonly Action[], at: number): Promise<void> {
    const lanes: EventEnvelope[][] = Array.from({ length: AT_ONCE }, () => []);
    for (const [n, family] of this.familiesOf(actions).entries()) {
      for (const action of family) lanes[n % AT_ONCE]?.push(...this.events(action, new Date(at).toISOString()));
    }
    await Promise.all(lanes.map((lane) => this.arrive(lane)));
  }

  private async arrive(events: readonly EventEnvelope[]): Promise<void> {
    for (let next = 0; next < events.length; next += BATCH) {
      const batch = events.slice(next, next + BATCH);
      await receiveEvents(
        harness.database,
        'notification-states',
        batch.map((event) => ({ event, handler: this.handlers[event.type] as EventHandler<Tables> })),
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
    return this.dataOf(action, at).map((event) => ({ ...event, occurredAt: at }) as EventEnvelope);
  }

  private dataOf(action: Parameters<World['events']>[0], at: string) {
    if (action.do === 'contacts') {
      const contacts = action.contacts.map((email) => ({ email, name: '', language: 'en' as const }));
      const of = { customerId: customerId(action.account), partnerId: partnerId(partnerOf(action.account)) };
      return [
        customerChanged({ ...of, name: `P-${action.account}`, contacts, version: this.next(`c${action.account}`) }),
      ];
    }
    if (action.do === 'activate') this.licenses.set(action.license, { ...action, begun: at });
    const license = this.licenses.get(action.license);
    if (license === undefined) throw new Error('an unknown license');
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
      installCode: uuid(3, license.controller).toUpperCase(),
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

const actualEmails = async (): Promise<string[]> => {
  const { rows } = await sql<{ about: string; outcome: string; lines: string }>`
    select (extract(epoch from e.created_at) * 1000)::bigint || ' ' || coalesce(right(e.partner_id::text, 1), ${String(STAFF)}) || ' ' || lower(e.recipient) || ' ' || substr(e.subject, 13) as about,
      e.outcome,
      (select string_agg(right(n.license_id::text, 12)::int || ':' || coalesce(n.threshold::text, 'null'), ' '
         order by right(n.license_id::text, 12)::int, n.threshold)
       from notices n where n.email_id = e.email_id) as lines
    from emails e where e.subject like 'maintenance%'`.execute(harness.database.kysely);
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
  `${DAYS} days with ${CONTROLLERS} controllers: each notice that is due is sent once, on its day, and no other`,
  async () => {
    const script = new Script(announcedSeed('notices-simulation'), CONTROLLERS / 300, CONTROLLERS);
    const [world, model, down, mailDown] = [new World(), new Model(), script.down(), script.down()];
    await sql`insert into partners (partner_id, name, version)
      select ('00000002-0000-4000-8000-00000000000' || n)::uuid, 'Partner ' || n, 1 from generate_series(0, 9) as n
      on conflict do nothing`.execute(harness.database.kysely);
    for (let day = 0; day < DAYS; day += 1) {
      // As autovacuum would in as many days.
      if (day % 30 === 0) await sql`analyze maintenance_terms, notices, emails`.execute(harness.database.kysely);
      const [isDown, isMailDown] = [down(0.02), mailDown(0.02)];
      model.newDay(dayAt(day, 0));
      for (const hour of [5, 12]) {
        const at = dayAt(day, hour);
        harness.clock.set(new Date(at).toISOString());
        for (const action of script.accounts(day === 0 && hour === 5)) {
          model.apply(action, at);
          await world.apply(action, at);
        }
        const actions = script.ofLicenses(at);
        for (const action of actions) model.apply(action, at);
        await world.applyAll(actions, at);
        if (isDown) continue;
        const runAt = dayAt(day, hour + 1);
        harness.clock.set(new Date(runAt).toISOString());
        model.run(runAt);
        await harness.run();
      }
      if (isMailDown) continue;
      model.send();
      await sql`update emails set outcome = 'sent', sent_at = now() where outcome = 'pending'`.execute(
        harness.database.kysely,
      );
    }
    const [actual, wanted] = [(await actualEmails()).sort(), expected(model).sort()];
    const inModel = new Set(wanted);
    const inReality = new Set(actual);
    // The first differences, not a hundred thousand lines.
    expect({
      missing: wanted.filter((email) => !inReality.has(email)).slice(0, 10),
      unexpected: actual.filter((email) => !inModel.has(email)).slice(0, 10),
    }).toEqual({ missing: [], unexpected: [] });
    expect(actual).toHaveLength(wanted.length);
    const cancelled = actual.filter((email) => email.includes(' cancelled ')).length;
    console.log(
      `${actual.length} e-mails with ${model.emails.flatMap(({ lines }) => lines).length} notices, ${cancelled} cancelled`,
    );
    expect(actual.length).toBeGreaterThan(CONTROLLERS);
  },
  LONG ? 7_200_000 : 120_000,
);

import { type EventType, type LicenseKind, queuesFor } from '@smartserver/contracts';
import type { Cause, Clock, Ids, RequestContext } from '@smartserver/service-kit';
import type { Contact } from '../link-controller/contact.ts';
import { controllerChangedSql } from '../model/controller.ts';
import { documentFactsSql } from '../model/document.ts';
import { activatableKinds, installedColumns, licensesMovedSql } from '../model/license.ts';
import { type Term, termsFrom } from '../model/term.ts';
import type { LicenseVerdict } from './refusal.ts';

/** A request to activate licenses. */
export type ActivationCommand = {
  /** Without a device key only in the transaction that has linked the controller. */
  contact: Contact;
  licenseIds: readonly string[];
  cause: Cause;
  idempotency: RequestContext['idempotency'];
  /** By default online, by a device. `kinds`: those that the caller may activate. */
  way?: { mode: 'online' | 'offline'; kinds: readonly LicenseKind[] };
};

/** Answer of the activation statement. Only `done` has changed anything. */
export type ActivationRow = {
  /**
   * `contact`: the controller is not linked to this device as it stands (rule 13), `replay`: the key was used before, `again`:
   * something was committed too late to be seen, `term`: a renewal has to be dated first, `full`: too many licenses.
   */
  outcome: 'done' | 'replay' | 'contact' | 'again' | 'refused' | 'term' | 'full';
  /** Of the request that used the key before. */
  fingerprint: string | null;
  /** DocumentFacts as JSON text, of `done` and `replay`. */
  facts: string | null;
  /** One for each license, in the order asked, of `refused`. */
  verdicts: LicenseVerdict[] | null;
};

/**
 * Parameters of the activation statement, in order. Everything the database cannot know is decided here: ids, the time, when a
 * term that starts now would end.
 * @param terms of renewals, in the order of the License IDs
 */
export const activationValues = (
  command: ActivationCommand,
  { clock, ids, kid }: { clock: Clock; ids: Ids; kid: string },
  terms: readonly (Term | null)[] = command.licenseIds.map(() => null),
): unknown[] => {
  const { contact, licenseIds, cause, idempotency } = command;
  const { mode, kinds } = command.way ?? { mode: 'online', kinds: activatableKinds('cms') };
  const now = clock.now();
  const occurredAt = now.toISOString();
  const envelope = (type: EventType): string =>
    JSON.stringify({ id: ids.ordered(), type, occurredAt, actor: cause.actor, traceparent: cause.traceparent });
  return [
    contact.installCode,
    contact.customerId,
    contact.deviceKey,
    occurredAt,
    licenseIds,
    licenseIds.map(() => ids.ordered()),
    terms.map((term) => term?.expiresAt.toISOString() ?? null),
    termsFrom(now).map((date) => date.toISOString()),
    envelope('licenses.activated.1'),
    envelope('controller.changed.1'),
    idempotency?.scope ?? null,
    idempotency?.key ?? null,
    idempotency?.fingerprint ?? null,
    kid,
    mode,
    kinds,
    terms.map((term) => term?.startsAt.toISOString() ?? null),
  ];
};

/** More would come near the size limit of a license document. */
export const MAX_LICENSES_PER_CONTROLLER = 1000;

/** One outbox row for each queue of the event: its envelope (a parameter) with the data that the statement knows, built once. */
const outboxRows = (type: EventType, envelope: string, data: string) => `
    select (e.envelope ->> 'id')::uuid, q.queue, e.envelope
    from (select ${envelope}::jsonb || jsonb_build_object('data', ${data}) as envelope from numbered s offset 0) e
    cross join unnest(array[${queuesFor(type).map((queue) => `'${queue}'`)}]) as q (queue)`;

/**
 * What stands against putting the license `d` on a controller, null where nothing does: the one place that decides it, online
 * and offline. The kinds first: who may not activate one gets no further word about it.
 * @param installCode parameter of the controller  @param kinds parameter of the kinds that the caller may activate
 */
const objection = (installCode: string, kinds: string) => `case
      when not d.kind = any (${kinds}::text[]) then 'contact_customer_success'
      when d.standing <> 'good' then 'license_' || d.standing
      when d.installed_on = ${installCode} then 'held'
      when d.installed_on is not null then 'license_in_use'
      when d.hold_id is not null then 'license_not_available'
    end`;

/** Judges a license without locking it, for what has to be known before a controller is touched. Parameters: License ID, install code, kinds. */
export const VERDICT_STATEMENT = `
select coalesce(${objection('$2', '$3')}, 'free') as verdict from licenses d where d.license_id = $1`;

/**
 * Activates licenses on a controller: checks, moves, counts, records events and answer in ONE statement, so one round trip and one
 * commit [architecture.md decision 5].
 *
 * What makes it safe. In READ COMMITTED every part of a statement reads the snapshot taken when the statement began, also
 * after it has waited for a lock; only a row read FOR UPDATE is read again, as it is once the lock is had. So nothing here is
 * decided by a row that is not locked:
 * - `controller` locks the controller. Its row alone says whom it is linked to and, in `license_ids`, what is on it: counting
 *   rows of `activations` instead would miss what another request put there while this one waited.
 * - `license` locks every license asked for and every one already on the controller. Its row alone says whether it is on a
 *   controller (`installed_on`), held, suspended, or of another account.
 * - PostgreSQL tries check constraints on the row of the snapshot, before an UPDATE notices that the row has changed since. A
 *   license whose hold has just ended so looks held and installed at once: the caller repeats the statement.
 * - A row that was first committed after the snapshot cannot be locked: `again` has the caller repeat the statement.
 * - Locks are taken in one order everywhere: controllers, then licenses by id. No two requests wait for each other.
 * - The unique index on open activations is the last word, should all of the above be wrong one day.
 *
 * Without a device key ($3 null) only the account is asked of the controller: an offline activation, which has linked
 * and locked the controller in the same transaction.
 *
 * All or nothing: every change depends on `decision.outcome = 'done'`; every other outcome writes nothing.
 *
 * The Idempotency-Key's row is inserted last. Of two requests with one key that run at once, the second waits at the
 * controller, then violates the key's uniqueness, is rolled back whole, and finds the first one's facts when it is repeated.
 *
 * Parameters: {@link activationValues}. Answer: one {@link ActivationRow}.
 */
export const ACTIVATION_STATEMENT = `
with asked as materialized (
  select a.license_id, a.activation_id, a.starts_at, a.expires_at, a.position
  from unnest($5::uuid[], $6::uuid[], $17::timestamptz[], $7::timestamptz[]) with ordinality
    as a (license_id, activation_id, starts_at, expires_at, position)
), earlier as materialized (
  select k.fingerprint, k.result from idempotency_keys k where k.scope = $11 and k.key = $12
), controller as materialized (
  select c.partner_id, c.customer_id, c.install_code, c.segment_name, c.device_key, c.license_ids, c.serial,
    c.document_issued_at, c.version
  from controllers c
  where c.install_code = $1
  for no key update
), license as materialized (
  select ${installedColumns('l')}, l.term_years, l.renews, l.standing, l.first_activated_at, l.installed_on,
    l.returned_from, l.hold_id
  from controller c
  join licenses l on l.license_id = any (c.license_ids || $5::uuid[])
  where c.customer_id = $2 and ($3::text is null or c.device_key = $3)
    and (l.customer_id = $2 or l.license_id = any (c.license_ids))
  order by l.license_id
  for no key update of l
), dated as materialized (
  select a.position, a.license_id, a.activation_id, l.license_id is not null as found, l.kind, l.standing,
    l.installed_on, l.hold_id, l.first_activated_at is null and l.term_years is not null as starts,
    case
      when l.first_activated_at is not null or l.term_years is null then l.expires_at
      when a.expires_at is not null then a.expires_at
      when l.renews is null then ($8::timestamptz[])[l.term_years]
    end as expires_at,
    case
      when l.first_activated_at is not null or l.term_years is null then l.starts_at
      else coalesce(a.starts_at, $4::timestamptz)
    end as starts_at,
    -- A device distinguishes a new activation from one that it has returned by a later time, also where a clock runs late.
    case
      when l.returned_from = $1 then greatest($4::timestamptz, c.document_issued_at + interval '1 millisecond')
      else $4::timestamptz
    end as activated_at
  from asked a
  left join controller c on true
  left join license l on l.license_id = a.license_id
), verdict as materialized (
  select d.position, d.license_id, d.activation_id, d.activated_at, d.starts_at, d.expires_at,
    case
      when not d.found then 'license_not_found'
      else coalesce(${objection('$1', '$16')}, case when d.starts and d.expires_at is null then 'term_needed' end, 'free')
    end as outcome
  from dated d
), summary as materialized (
  select
    count(*) filter (where v.outcome not in ('held', 'free', 'term_needed')) as refused,
    count(*) filter (where v.outcome = 'term_needed') as undated,
    coalesce(array_agg(v.license_id order by v.position) filter (where v.outcome = 'free'), '{}') as gained,
    max(v.activated_at) filter (where v.outcome = 'free') as activated_at
  from verdict v
), decision as materialized (
  select s.gained, s.activated_at, e.fingerprint, e.result,
    case
      when c.install_code is null or c.customer_id <> $2 or c.device_key is distinct from coalesce($3, c.device_key)
        then 'contact'
      when e.result is not null then 'replay'
      when (select count(*) from license l where l.license_id = any (c.license_ids)) < cardinality(c.license_ids)
        then 'again'
      when s.refused > 0 then 'refused'
      when s.undated > 0 then 'term'
      when cardinality(c.license_ids) + cardinality(s.gained) > ${MAX_LICENSES_PER_CONTROLLER} then 'full'
      else 'done'
    end as outcome
  from summary s
  left join controller c on true
  left join earlier e on true
), installed as (
  update licenses l
  set installed_on = $1, activation_id = v.activation_id, activated_at = v.activated_at,
    first_activated_at = coalesce(l.first_activated_at, $4::timestamptz), starts_at = v.starts_at,
    expires_at = v.expires_at, activation_version = l.activation_version + 1
  from decision d, verdict v
  where d.outcome = 'done' and v.outcome = 'free' and l.license_id = v.license_id
  returning ${installedColumns('l')}, l.activation_version, v.position
), opened as (
  insert into activations (customer_id, id, license_id, install_code, mode, activated_at, serial)
  select $2, i.activation_id, i.license_id, $1, $15, i.activated_at, c.serial + 1 from installed i cross join controller c
), numbered as (
  update controllers c
  set license_ids = c.license_ids || d.gained, serial = c.serial + 1, version = c.version + 1,
    document_issued_at = greatest(c.document_issued_at, d.activated_at)
  from decision d
  where d.outcome = 'done' and cardinality(d.gained) > 0 and c.install_code = $1
  returning c.partner_id, c.customer_id, c.install_code, c.segment_name, c.device_key, c.license_ids, c.serial,
    c.document_issued_at, c.version
), state as materialized (
  select * from numbered
  union all
  select * from controller where not exists (select from numbered)
), content as (
  select ${installedColumns('i')} from installed i
  union all
  select ${installedColumns('l')} from license l where l.installed_on = $1 and l.standing = 'good'
), facts as materialized (
  select ${documentFactsSql('s', '$14::text', 'content')} as facts
  from state s, decision d
  where d.outcome = 'done'
), published as (
  insert into outbox (event_id, queue, envelope)
  ${outboxRows('licenses.activated.1', '$9', `${licensesMovedSql('s', 'installed')} || jsonb_build_object('mode', $15::text)`)}
  union all
  ${outboxRows('controller.changed.1', '$10', controllerChangedSql('s'))}
), kept as (
  insert into idempotency_keys (scope, key, fingerprint, result)
  select $11, $12, $13, f.facts from facts f where $12::text is not null
)
select d.outcome, d.fingerprint, coalesce(f.facts, d.result) as facts,
  case when d.outcome = 'refused' then
    (select json_agg(v.outcome order by v.position) from verdict v)
  end as verdicts
from decision d
left join facts f on true`;

import { type Actor, type ActorReference, type EventPayloads, type EventType, queuesFor } from '@smartserver/contracts';
import { sql, type Transaction } from 'kysely';
import type { Clock } from '../clock.ts';
import type { Ids } from '../ids.ts';
import type { KitTables } from './tables.ts';

export type NewEvent<T extends EventType = EventType> = { [K in T]: { type: K; data: EventPayloads[K] } }[T];

/** Who and what an event is owed to. */
export type Cause = { actor: ActorReference; traceparent: string | null };

/**
 * Records an event in the transaction of the change it describes: both commit, or neither [guarantees.md 9].
 * Writes one outbox row for each queue of {@link queuesFor}; the relay publishes them after the commit.
 */
export const recordEvent = <DB extends KitTables, T extends EventType>(
  trx: Transaction<DB>,
  deps: { clock: Clock; ids: Ids },
  cause: Cause,
  event: NewEvent<T>,
): Promise<void> => recordEvents(trx, deps, cause, [event]);

/** {@link recordEvent} for any number of events, in order, with one statement. */
export const recordEvents = async <DB extends KitTables, T extends EventType>(
  trx: Transaction<DB>,
  { clock, ids }: { clock: Clock; ids: Ids },
  cause: Cause,
  events: readonly NewEvent<T>[],
): Promise<void> => {
  const { actor, traceparent } = cause;
  const rows = events.flatMap(({ type, data }) => {
    const queues = queuesFor(type);
    if (queues.length === 0) return [];
    const id = ids.ordered();
    const envelope = JSON.stringify({ id, type, occurredAt: clock.now().toISOString(), actor, traceparent, data });
    return queues.map((queue) => ({ id, queue, envelope }));
  });
  if (rows.length === 0) return;
  await sql`
    insert into outbox (event_id, queue, envelope)
    select event_id, queue, envelope
    from unnest(
      ${rows.map(({ id }) => id)}::uuid[], ${rows.map(({ queue }) => queue)}::text[], ${rows.map(({ envelope }) => envelope)}::jsonb[]
    ) with ordinality as e (event_id, queue, envelope, n)
    order by n`.execute(trx);
};

/** What a request's events say about who caused them. */
export const causeOf = (context: { actor: Actor; traceparent: string | null }): Cause => ({
  actor: { kind: context.actor.kind, id: context.actor.id },
  traceparent: context.traceparent,
});

import { type Actor, type ActorReference, type EventPayloads, type EventType, queuesFor } from '@smartserver/contracts';
import type { Transaction } from 'kysely';
import type { Clock } from '../clock.ts';
import type { Ids } from '../ids.ts';
import type { KitTables } from './tables.ts';

export type NewEvent<T extends EventType = EventType> = { [K in T]: { type: K; data: EventPayloads[K] } }[T];

/** Who and what an event is owed to. */
export type Cause = { actor: ActorReference; traceparent: string | null };

/**
 * Records an event in the transaction of the change it tells of: both commit, or neither [guarantees.md 9].
 * Writes one outbox row for each queue of {@link queuesFor}; the relay carries them on after the commit.
 */
export const recordEvent = async <DB extends KitTables, T extends EventType>(
  trx: Transaction<DB>,
  { clock, ids }: { clock: Clock; ids: Ids },
  cause: Cause,
  event: NewEvent<T>,
): Promise<void> => {
  const queues = queuesFor(event.type);
  if (queues.length === 0) return;
  const id = ids.ordered();
  const envelope = JSON.stringify({
    id,
    type: event.type,
    occurredAt: clock.now().toISOString(),
    actor: cause.actor,
    traceparent: cause.traceparent,
    data: event.data,
  });
  await (trx as unknown as Transaction<KitTables>)
    .insertInto('outbox')
    .values(queues.map((queue) => ({ event_id: id, queue, envelope })))
    .execute();
};

/** What a request's events say about who caused them. */
export const causeOf = (context: { actor: Actor; traceparent: string | null }): Cause => ({
  actor: { kind: context.actor.kind, id: context.actor.id },
  traceparent: context.traceparent,
});

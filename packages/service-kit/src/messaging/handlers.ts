import type { EventEnvelope, EventType } from '@smartserver/contracts';
import type { Transaction } from 'kysely';

/** Events of one type, in the order in which they were recorded; never empty. */
export type EventBatch<T extends EventType = EventType> = readonly [EventEnvelope<T>, ...EventEnvelope<T>[]];

/**
 * What a service does with events of one type. Those that follow each other in a batch are given to it at once: it may work in sets,
 * but must have for each event the effect that it would have alone. When it throws, the whole batch is rolled back, and each event is
 * retried in isolation. It takes locks in a fixed order: a batch waits 0.4 s for a lock.
 */
export type EventHandler<DB, T extends EventType = EventType> = (
  trx: Transaction<DB>,
  events: EventBatch<T>,
) => Promise<void>;

/** What a service does with each type of event it consumes, in the transaction that also records the events as taken. */
export type Handlers<DB> = { [T in EventType]?: EventHandler<DB, T> };

/** A handler that takes one event after the other. */
export const forEachEvent =
  <DB, T extends EventType>(
    effect: (trx: Transaction<DB>, event: EventEnvelope<T>) => Promise<void>,
  ): EventHandler<DB, T> =>
  async (trx, events) => {
    for (const event of events) await effect(trx, event);
  };

/** Thrown by a handler that misses an earlier fact: the event is delivered again later, and is not counted as a failure. */
export class RetryLater extends Error {
  override readonly name = 'RetryLater';
}

import type { EventEnvelope, EventType } from '@smartserver/contracts';
import { sql, type Transaction } from 'kysely';
import type { Database } from '../data/database.ts';
import type { KitTables } from '../data/tables.ts';
import type { Message } from './message.ts';
import { UUID } from './parcel.ts';

type Effect<DB, E> = (trx: Transaction<DB>, event: E) => Promise<void>;
type CommonEffect<DB, E> = (trx: Transaction<DB>, events: readonly [E, ...E[]]) => Promise<void>;

/** What is done with an event. `together`: see {@link takesTogether}. */
export type EventHandler<DB, E = EventEnvelope> = Effect<DB, E> & { together?: CommonEffect<DB, E> };

/**
 * A handler for events that come by the thousand: those that follow each other in a parcel are given to it at once, in order, so that
 * it needs as few statements as for one. Each must have the effect that it would have had alone.
 */
export const takesTogether = <DB, E>(together: CommonEffect<DB, E>): EventHandler<DB, E> =>
  Object.assign((trx: Transaction<DB>, event: E) => together(trx, [event]), { together });

/** What a service does with each event it consumes, in the transaction that also records that the event was taken. */
export type Handlers<DB> = { [T in EventType]?: EventHandler<DB, EventEnvelope<T>> };

/** An event and what is to be done with it. */
export type Receivable<DB> = { event: EventEnvelope; handler: EventHandler<DB> };

/** @returns what is to be done with a message, or what is wrong with it */
export const receivableOf = <DB>(handlers: Handlers<DB>, { id, type, data }: Message): Receivable<DB> | string => {
  const handler = Object.hasOwn(handlers, type)
    ? (handlers[type as EventType] as EventHandler<DB> | undefined)
    : undefined;
  if (handler === undefined) return 'no handler for an event of this type';
  // Messages come from our own relays; what is checked is what the inbox relies on.
  const event = (typeof data === 'object' && data !== null ? data : {}) as EventEnvelope;
  const sound = UUID.test(id) && event.id === id && event.type === type && typeof event.data === 'object';
  return sound ? { handler, event } : 'the message is not an event';
};

/**
 * Takes an event: its inbox row and its effect commit together, so that a repeated delivery, also a simultaneous one, has no
 * effect. A dead letter of the same event is gone with it.
 * @returns whether it had an effect: false for a repeated one
 */
export const receiveEvent = async <DB extends KitTables>(
  database: Pick<Database<DB>, 'kysely'>,
  handler: EventHandler<DB>,
  event: EventEnvelope,
): Promise<boolean> =>
  database.kysely.transaction().execute(async (trx) => {
    // Blocks while another transaction takes the same event, and inserts nothing once that one has committed.
    const taken = await sql`
      with no_longer_dead as (delete from dead_letters where event_id = ${event.id})
      insert into inbox (event_id, type) values (${event.id}, ${event.type}) on conflict do nothing`.execute(trx);
    if (taken.numAffectedRows !== 1n) return false;
    await handler(trx, event);
    return true;
  });

/**
 * Below the second after which PostgreSQL looks for a deadlock. A transaction of many events takes locks in the order in which they
 * come, where a request takes them in an order of its own: should each wait for the other, this one gives way.
 */
const PATIENCE = '400ms';

/**
 * Takes several events in one transaction, in order: either all that are new have their effect, or none has.
 * @returns how many had an effect; repeated ones, also within the list, have none
 * @throws what a handler throws, and lock_not_available (55P03) where it would have to wait
 */
export const receiveEvents = async <DB extends KitTables>(
  database: Pick<Database<DB>, 'kysely'>,
  receivables: readonly Receivable<DB>[],
): Promise<number> =>
  database.kysely.transaction().execute(async (trx) => {
    const ids = receivables.map(({ event }) => event.id);
    const types = receivables.map(({ event }) => event.type);
    const { rows } = await sql<{ event_id: string }>`
      with no_longer_dead as (delete from dead_letters where event_id = any(${ids}::text[])),
        impatient as materialized (select set_config('lock_timeout', ${PATIENCE}, true))
      insert into inbox (event_id, type)
      select e.id, e.type from impatient, unnest(${ids}::uuid[], ${types}::text[]) as e (id, type)
      on conflict do nothing returning event_id`.execute(trx);
    const taken = new Set(rows.map((row) => row.event_id));
    // The database writes UUIDs in lower case. Deleted: the second of two alike has no effect.
    const fresh = receivables.filter(({ event }) => taken.delete(event.id.toLowerCase()));
    if (taken.size > 0) throw new Error('an event that was recorded as taken would have no effect');
    for (const { handler, events } of runsOf(fresh)) {
      if (handler.together !== undefined) await handler.together(trx, events);
      else for (const event of events) await handler(trx, event);
    }
    return fresh.length;
  });

type Run<DB> = { handler: EventHandler<DB>; events: [EventEnvelope, ...EventEnvelope[]] };

/** Those that follow each other and have the same handler. */
const runsOf = <DB>(receivables: readonly Receivable<DB>[]): Run<DB>[] => {
  const runs: Run<DB>[] = [];
  for (const { handler, event } of receivables) {
    const last = runs.at(-1);
    if (last?.handler === handler) last.events.push(event);
    else runs.push({ handler, events: [event] });
  }
  return runs;
};

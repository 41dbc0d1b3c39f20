import type { EventEnvelope, EventType, QueueName } from '@smartserver/contracts';
import { type RawBuilder, sql } from 'kysely';
import type { Database } from '../data/database.ts';
import { PROJECTIONS_CHANNEL } from '../data/notice-listener.ts';
import { AWAITED_EVENTS } from '../data/projections.ts';
import type { KitTables } from '../data/tables.ts';
import { type Message, UUID } from './batch.ts';
import type { EventBatch, EventHandler, Handlers } from './handlers.ts';

/** An event and what is to be done with it. */
export type ParsedEvent<DB> = { event: EventEnvelope; handler: EventHandler<DB> };

/** @returns the event and its handler, or what is wrong with the message */
export const parseEvent = <DB>(handlers: Handlers<DB>, { id, type, data }: Message): ParsedEvent<DB> | string => {
  const handler = Object.hasOwn(handlers, type)
    ? (handlers[type as EventType] as EventHandler<DB> | undefined)
    : undefined;
  if (handler === undefined) return 'no handler for an event of this type';
  // Messages come from our own relays; what is checked is what the inbox relies on.
  const event = (typeof data === 'object' && data !== null ? data : {}) as EventEnvelope;
  const isValid = UUID.test(id) && event.id === id && event.type === type && typeof event.data === 'object';
  return isValid ? { handler, event } : 'the message is not an event';
};

/**
 * Takes an event that came through a queue: its inbox row and its effect commit together, so that a repeated delivery, also a
 * simultaneous one, has no effect. A dead letter of the same event in the same queue is deleted.
 * @returns whether it had an effect: false for a repeated one
 */
export const receiveEvent = async <DB extends KitTables>(
  database: Pick<Database<DB>, 'kysely'>,
  queue: QueueName,
  { handler, event }: ParsedEvent<DB>,
): Promise<boolean> =>
  database.kysely.transaction().execute(async (trx) => {
    const { rows } = await recordAsTaken(queue, [event]).execute(trx);
    if (rows.length === 0) return false;
    await handler(trx, [event]);
    return true;
  });

/**
 * Below the second after which PostgreSQL looks for a deadlock. A transaction of many events takes locks in the order in which they
 * come, where a request takes them in an order of its own: should each wait for the other, this one gives way.
 */
const LOCK_TIMEOUT = '400ms';

/**
 * Takes several events of a queue in one transaction, in order: either all that are new have their effect, or none has.
 * @returns how many had an effect; repeated ones, also within the list, have none
 * @throws what a handler throws, and lock_not_available (55P03) where it would have to wait
 */
export const receiveEvents = async <DB extends KitTables>(
  database: Pick<Database<DB>, 'kysely'>,
  queue: QueueName,
  parsed: readonly ParsedEvent<DB>[],
): Promise<number> =>
  database.kysely.transaction().execute(async (trx) => {
    const events = parsed.map(({ event }) => event);
    const { rows } = await recordAsTaken(queue, events, LOCK_TIMEOUT).execute(trx);
    const taken = new Set(rows.map((row) => row.event_id));
    // The database writes UUIDs in lower case. Deleted: the second of two alike has no effect.
    const fresh = parsed.filter(({ event }) => taken.delete(event.id.toLowerCase()));
    if (taken.size > 0) throw new Error('an event that was recorded as taken would have no effect');
    for (const { handler, batch } of runsOf(fresh)) await handler(trx, batch);
    return fresh.length;
  });

/**
 * Records events as taken and, at the commit, notifies who waits for what they bring.
 * Blocks while another transaction takes one of the events, and returns none that has been taken from this queue once that one has
 * committed. In order of their ids, so that two batches with events in common do not wait for each other.
 */
const recordAsTaken = (
  queue: QueueName,
  events: readonly EventEnvelope[],
  lockTimeout?: string,
): RawBuilder<{ event_id: string }> => {
  const ids = events.map(({ id }) => id);
  const types = events.map(({ type }) => type);
  const timeout = lockTimeout === undefined ? sql`current_setting('lock_timeout')` : sql`${lockTimeout}::text`;
  return sql`
    with not_dead_any_more as (delete from dead_letters where queue = ${queue} and event_id = any(${ids}::text[])),
      settings as materialized (select set_config('lock_timeout', ${timeout}, true)),
      given as materialized (
        select distinct on (id) id, type from settings, unnest(${ids}::uuid[], ${types}::text[]) as e (id, type) order by id
      ),
      taken as (
        insert into inbox (event_id, type, queues) select id, type, array[${queue}] from given
        on conflict (event_id) do update set queues = inbox.queues || excluded.queues
          where inbox.queues <> '{}' and not inbox.queues @> excluded.queues
        returning event_id, type
      ),
      notice as materialized (
        select pg_notify(${PROJECTIONS_CHANNEL}, string_agg(distinct type, ',')) from taken
        where type = any(${AWAITED_EVENTS}::text[]) having count(*) > 0
      )
    select event_id from taken where (select count(*) from notice) >= 0`;
};

type Run<DB> = { handler: EventHandler<DB>; batch: [EventEnvelope, ...EventEnvelope[]] };

/** Events that follow each other and are of one type. */
const runsOf = <DB>(parsed: readonly ParsedEvent<DB>[]): { handler: EventHandler<DB>; batch: EventBatch }[] => {
  const runs: Run<DB>[] = [];
  for (const { handler, event } of parsed) {
    const last = runs.at(-1);
    if (last?.batch[0].type === event.type) last.batch.push(event);
    else runs.push({ handler, batch: [event] });
  }
  return runs;
};

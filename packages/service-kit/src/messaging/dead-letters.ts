import { QUEUES, type QueueName, queuesOf, type ServiceName } from '@smartserver/contracts';
import type { Kysely } from 'kysely';
import type { Clock } from '../clock.ts';
import type { Database } from '../data/database.ts';
import type { KitTables } from '../data/tables.ts';
import type { DeadMessage } from './message.ts';
import type { Messaging } from './messaging.ts';

/** A message that this service could not take. */
export type DeadLetter = {
  eventId: string;
  queue: string;
  type: string;
  error: string;
  attempts: number;
  failedAt: Date;
};

type AnyDatabase<DB extends KitTables> = Pick<Database<DB>, 'kysely'>;

const kit = <DB extends KitTables>(database: AnyDatabase<DB>) => database.kysely as unknown as Kysely<KitTables>;

export const recordDeadLetter = async <DB extends KitTables>(
  deps: { database: AnyDatabase<DB>; clock: Clock },
  queue: QueueName,
  message: DeadMessage,
): Promise<void> => {
  const failure = { error: message.error, attempts: message.failures, failed_at: deps.clock.now() };
  await kit(deps.database)
    .insertInto('dead_letters')
    .values({
      queue,
      event_id: message.id,
      type: message.type,
      message: JSON.stringify(message.data ?? null),
      ...failure,
    })
    .onConflict((conflict) => conflict.columns(['queue', 'event_id']).doUpdateSet(failure))
    .execute();
};

/** The messages a service could not take, oldest first. */
export const listDeadLetters = async <DB extends KitTables>(database: AnyDatabase<DB>): Promise<DeadLetter[]> => {
  const rows = await kit(database)
    .selectFrom('dead_letters')
    .select(['event_id', 'queue', 'type', 'error', 'attempts', 'failed_at'])
    .orderBy('failed_at')
    .orderBy('event_id')
    .execute();
  return rows.map((row) => ({
    eventId: row.event_id,
    queue: row.queue,
    type: row.type,
    error: row.error,
    attempts: row.attempts,
    failedAt: row.failed_at,
  }));
};

/**
 * Puts dead letters back into their queues, one or all. They leave the list when they have had their effect.
 * @returns how many were put back
 */
export const retryDeadLetter = async <DB extends KitTables>(
  deps: { database: AnyDatabase<DB>; messaging: Pick<Messaging, 'publishAgain'> },
  eventId?: string,
): Promise<number> => {
  const query = kit(deps.database).selectFrom('dead_letters').select(['event_id', 'queue', 'type', 'message']);
  const rows = await (eventId === undefined ? query : query.where('event_id', '=', eventId)).execute();
  for (const row of rows) {
    if (!(row.queue in QUEUES)) continue;
    await deps.messaging.publishAgain(row.queue as QueueName, {
      id: row.event_id,
      type: row.type,
      data: row.message,
    });
  }
  return rows.length;
};

/** Dead letters that the queue made by itself, as for a message that ended its worker again and again, come into the list too. */
export const collectDeadLetters = async <DB extends KitTables>(
  deps: { database: AnyDatabase<DB>; messaging: Pick<Messaging, 'deadOf'>; clock: Clock },
  service: ServiceName,
): Promise<void> => {
  for (const queue of queuesOf(service)) {
    const dead = await deps.messaging.deadOf(queue, 1_000);
    if (dead.length === 0) continue;
    const listed = await kit(deps.database)
      .selectFrom('dead_letters')
      .select('event_id')
      .where('queue', '=', queue)
      .execute();
    const known = new Set(listed.map((row) => row.event_id));
    for (const message of dead) {
      if (!known.has(message.id)) await recordDeadLetter(deps, queue, message);
    }
  }
};

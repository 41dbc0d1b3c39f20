import { randomUUID } from 'node:crypto';
import {
  type ActorReference,
  type EventEnvelope,
  type EventPayloads,
  type EventType,
  queuesFor,
} from '@smartserver/contracts';
import {
  type Database,
  type EventHandler,
  type Handlers,
  type KitTables,
  receiveEvent,
} from '@smartserver/service-kit';
import type { Kysely } from 'kysely';
import { testIds } from './ids.ts';

const ids = testIds();

/** A relay for tests without queues, which read the outbox instead. */
export const fakeRelay = { wake(): void {} };

/** An event as another service would publish it. */
export const makeEvent = <T extends EventType>(
  type: T,
  data: EventPayloads[T],
  options: { id?: string; occurredAt?: string; actor?: ActorReference } = {},
): EventEnvelope<T> =>
  ({
    id: options.id ?? ids.ordered(),
    type,
    occurredAt: options.occurredAt ?? '2026-03-01T12:00:00.000Z',
    actor: options.actor ?? { kind: 'system', id: randomUUID() },
    traceparent: null,
    data,
  }) as EventEnvelope<T>;

/**
 * Hands an event to its handler through the real inbox, without a queue. What the handler throws comes out.
 * @returns whether it had an effect: false for a repeated one
 */
export const deliver = async <DB extends KitTables>(
  database: Pick<Database<DB>, 'kysely'>,
  handlers: Handlers<DB>,
  event: EventEnvelope,
): Promise<boolean> => {
  const handler = handlers[event.type] as EventHandler<DB> | undefined;
  if (handler === undefined) throw new Error(`there is no handler for ${event.type}`);
  const [queue] = queuesFor(event.type);
  if (queue === undefined) throw new Error(`no queue takes ${event.type}`);
  return receiveEvent(database, queue, { handler, event });
};

/** The events recorded so far, oldest first, each once however many queues it goes to. */
export const outboxEvents = async <DB extends KitTables>(
  database: Pick<Database<DB>, 'kysely'>,
): Promise<EventEnvelope[]> => {
  const rows = await (database.kysely as unknown as Kysely<KitTables>)
    .selectFrom('outbox')
    .select(['event_id', 'envelope'])
    .orderBy('id')
    .execute();
  return [...new Map(rows.map((row) => [row.event_id, row.envelope as unknown as EventEnvelope])).values()];
};

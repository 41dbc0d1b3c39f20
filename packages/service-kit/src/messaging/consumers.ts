import { type EventEnvelope, type EventType, type QueueName, queuesOf, type ServiceName } from '@smartserver/contracts';
import type { Transaction } from 'kysely';
import type { Clock } from '../clock.ts';
import type { Database } from '../data/database.ts';
import type { KitTables } from '../data/tables.ts';
import type { Logger } from '../logger.ts';
import { collectDeadLetters, recordDeadLetter } from './dead-letters.ts';
import { type Handlers, receiveEvent } from './inbox.ts';
import type { IncomingMessage, Outcome } from './message.ts';
import type { Messaging } from './messaging.ts';
import { eventsTaken } from './metrics.ts';
import { outcomeOf, type RetryPolicy } from './retry-policy.ts';
import type { Subscription } from './subscription.ts';

export type { Handlers } from './inbox.ts';

export type Consumers = { stop(): Promise<void> };

export type ConsumerOptions<DB extends KitTables> = {
  service: ServiceName;
  database: Pick<Database<DB>, 'kysely'>;
  messaging: Messaging;
  logger: Logger;
  clock: Clock;
  handlers: Handlers<DB>;
  /** Woken after each effect: handlers may have recorded events of their own. */
  relay?: { wake(): void };
  /** Messages of one queue that are worked on at once; 5 unless told otherwise. */
  concurrency?: number;
  retry?: RetryPolicy;
};

const COLLECT_EVERY_MS = 60_000;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Consumes the queues of a service: each event has its effect once, in the transaction that records it as taken. */
export const startConsumers = <DB extends KitTables>(options: ConsumerOptions<DB>): Consumers => {
  const { service, messaging, concurrency = 5 } = options;
  const receive = async (message: IncomingMessage): Promise<Outcome> => {
    const outcome = await deliver(options, message);
    eventsTaken.inc({ service, queue: message.queue, outcome: outcome.kind });
    return outcome;
  };
  const subscriptions: Subscription[] = queuesOf(service).map((queue: QueueName) =>
    messaging.subscribe(queue, receive, { concurrency }),
  );
  const collect = () =>
    collectDeadLetters(options, service).catch((err: unknown) =>
      options.logger.debug({ err }, 'dead letters of the queues could not be collected'),
    );
  const timer = setInterval(collect, COLLECT_EVERY_MS).unref();
  return {
    stop: async () => {
      clearInterval(timer);
      await Promise.all(subscriptions.map((subscription) => subscription.close()));
    },
  };
};

const deliver = async <DB extends KitTables>(
  options: ConsumerOptions<DB>,
  message: IncomingMessage,
): Promise<Outcome> => {
  const { database, logger, relay } = options;
  const about = { queue: message.queue, eventId: message.id, eventType: message.type };
  try {
    const handler = handlerFor(options.handlers, message);
    if (handler === null) return await bury(options, message, 'no handler for an event of this type');
    const event = envelopeOf(message);
    if (event === null) return await bury(options, message, 'the message is not an event');
    const effect = await receiveEvent(database, handler, event);
    if (effect) relay?.wake();
    return { kind: 'done' };
  } catch (error) {
    const outcome = outcomeOf(error, message, options.retry);
    if (outcome.kind === 'dead') return bury(options, message, outcome.error).catch(laterBecause);
    const level = message.deliveries < 4 ? 'debug' : 'warn';
    logger[level]({ err: error, ...about, deliveries: message.deliveries }, 'an event will be delivered again');
    return outcome;
  }
};

/** The list of dead letters lies in the service's database: while that is away, the message waits. */
const laterBecause = (): Outcome => ({ kind: 'later', delayMs: 5_000 });

const bury = async <DB extends KitTables>(
  { database, logger, clock }: ConsumerOptions<DB>,
  message: IncomingMessage,
  error: string,
): Promise<Outcome> => {
  const { queue, id, type, data, failures } = message;
  await recordDeadLetter({ database, clock }, queue, { id, type, data, error, failures: failures + 1 });
  logger.error({ queue, eventId: id, eventType: type, reason: error }, 'dead letter');
  return { kind: 'dead', error };
};

type AnyHandler<DB> = (trx: Transaction<DB>, event: EventEnvelope) => Promise<void>;

const handlerFor = <DB>(handlers: Handlers<DB>, { type }: IncomingMessage): AnyHandler<DB> | null =>
  Object.hasOwn(handlers, type) ? ((handlers[type as EventType] as AnyHandler<DB> | undefined) ?? null) : null;

/** Messages come from our own relays; what is checked is what the inbox relies on. */
const envelopeOf = ({ id, type, data }: IncomingMessage): EventEnvelope | null => {
  if (typeof data !== 'object' || data === null) return null;
  const envelope = data as EventEnvelope;
  const sound = UUID.test(id) && envelope.id === id && envelope.type === type && typeof envelope.data === 'object';
  return sound ? envelope : null;
};

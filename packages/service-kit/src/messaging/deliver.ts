import type { QueueName, ServiceName } from '@smartserver/contracts';
import type { Clock } from '../clock.ts';
import type { Database } from '../data/database.ts';
import type { KitTables } from '../data/tables.ts';
import type { Logger } from '../logger.ts';
import type { IncomingBatch, IsolatedMessage, Message, Outcome } from './batch.ts';
import { recordDeadLetter } from './dead-letters.ts';
import type { Handlers } from './handlers.ts';
import { type ParsedEvent, parseEvent, receiveEvent, receiveEvents } from './inbox.ts';
import type { Messaging } from './messaging.ts';
import { eventsTaken } from './metrics.ts';
import { isOutage, outageDelay, outcomeOf, type RetryPolicy } from './retry-policy.ts';

export type DeliveryOptions<DB extends KitTables> = {
  service: ServiceName;
  database: Pick<Database<DB>, 'kysely'>;
  messaging: Pick<Messaging, 'publishIsolated'>;
  logger: Logger;
  clock: Clock;
  handlers: Handlers<DB>;
  /** Woken after each effect: handlers may have recorded events of their own. */
  relay?: { wake(): void };
  retry?: RetryPolicy;
};

/** After so many workers ended with a batch its messages are isolated: one of them may be the cause. */
const STALLS_ALLOWED = 2;
/** The same for what looks like an outage; a real one of some minutes passes before. */
const DELIVERIES_ALLOWED = 20;
/** Deliveries that are retried are logged as warnings from here on. */
const WARN_FROM_DELIVERY = 4;

/** A message that failed in a batch, with what its isolated retry starts with. */
type Failed = { message: Message; delayMs: number; failures: number; deliveries: number };

/**
 * Delivers the messages of a batch in one transaction. When that fails, each in its own; those that fail again are published in batches
 * of their own, where each is counted and judged in isolation, and the batch is done.
 */
export const deliverBatch = async <DB extends KitTables>(
  options: DeliveryOptions<DB>,
  batch: IncomingBatch,
): Promise<Outcome> => {
  const { queue, messages } = batch;
  const taken = await takeBatch(options, batch).catch((error: unknown) => {
    count(options, queue, 'later', messages.length);
    return retryBatchLater(options, batch, error);
  });
  if ('kind' in taken) return taken;
  const { failed, effects } = taken;
  if (effects > 0) options.relay?.wake();
  if (failed.length === 0) return { kind: 'done' };
  try {
    await Promise.all(failed.map(({ message, ...tries }) => options.messaging.publishIsolated(queue, message, tries)));
    return { kind: 'done', isolated: failed.map(({ message }) => message.id) };
  } catch (error) {
    return retryBatchLater(options, batch, error);
  }
};

/** The database or the queues are down. Events that have had their effect are in the inbox when the batch is delivered again. */
const retryBatchLater = <DB extends KitTables>(
  { logger, retry }: DeliveryOptions<DB>,
  { queue, deliveries, messages }: IncomingBatch,
  err: unknown,
): Outcome => {
  const level = deliveries < WARN_FROM_DELIVERY ? 'debug' : 'warn';
  logger[level]({ err, queue, events: messages.length, deliveries }, 'batch will be delivered again');
  return { kind: 'later', delayMs: outageDelay(deliveries, retry) };
};

type Taken = { failed: Failed[]; effects: number };

const takeBatch = async <DB extends KitTables>(options: DeliveryOptions<DB>, batch: IncomingBatch): Promise<Taken> => {
  const { queue, messages, stalls, deliveries } = batch;
  if (stalls >= STALLS_ALLOWED || deliveries >= DELIVERIES_ALLOWED)
    return { failed: messages.map(untried), effects: 0 };
  const failed: Failed[] = [];
  const events: (ParsedEvent<DB> & { message: Message })[] = [];
  for (const message of messages) {
    const parsed = parseEvent(options.handlers, message);
    if (typeof parsed === 'string') failed.push(untried(message));
    else events.push({ message, ...parsed });
  }
  if (events.length === 0) return { failed, effects: 0 };
  let effects = 0;
  try {
    effects = await receiveEvents(options.database, queue, events);
    count(options, queue, 'done', events.length);
  } catch (error) {
    if (isOutage(error)) throw error;
    options.logger.debug(
      { err: error, queue, events: events.length },
      'batch failed: its events are retried in isolation',
    );
    for (const event of events) {
      const failure = await takeIsolated(options, queue, event);
      if (failure === null) effects += 1;
      else failed.push(failure);
      count(options, queue, failure === null ? 'done' : failure.failures > 0 ? 'failed' : 'later', 1);
    }
  }
  return { failed, effects };
};

/** @returns null when it is done */
const takeIsolated = async <DB extends KitTables>(
  { database, retry }: DeliveryOptions<DB>,
  queue: QueueName,
  { message, ...parsed }: ParsedEvent<DB> & { message: Message },
): Promise<Failed | null> => {
  try {
    await receiveEvent(database, queue, parsed);
    return null;
  } catch (error) {
    if (isOutage(error)) throw error;
    const outcome = outcomeOf(error, { failures: 0, deliveries: 1 }, retry);
    const delayMs = 'delayMs' in outcome ? outcome.delayMs : 0;
    return { message, delayMs, failures: outcome.kind === 'failed' ? 1 : 0, deliveries: 1 };
  }
};

const untried = (message: Message): Failed => ({ message, delayMs: 0, failures: 0, deliveries: 0 });

/** Delivers a message that came in a batch of its own. Its failures are counted, and judged by the retry policy. */
export const deliverIsolated = async <DB extends KitTables>(
  options: DeliveryOptions<DB>,
  message: IsolatedMessage,
): Promise<Outcome> => {
  const outcome = await receiveIsolated(options, message);
  count(options, message.queue, outcome.kind, 1);
  return outcome;
};

const receiveIsolated = async <DB extends KitTables>(
  options: DeliveryOptions<DB>,
  message: IsolatedMessage,
): Promise<Outcome> => {
  const { database, logger, relay } = options;
  const { queue, id, type, deliveries } = message;
  const parsed = parseEvent(options.handlers, message);
  try {
    if (typeof parsed === 'string') return await recordAsDeadLetter(options, message, parsed);
    if (await receiveEvent(database, queue, parsed)) relay?.wake();
    return { kind: 'done' };
  } catch (error) {
    const outcome = outcomeOf(error, message, options.retry);
    if (outcome.kind === 'dead') {
      // The list of dead letters lies in the service's database: while that is down, the message waits.
      return recordAsDeadLetter(options, message, outcome.error).catch(() => ({ kind: 'later', delayMs: 5_000 }));
    }
    const level = deliveries < WARN_FROM_DELIVERY ? 'debug' : 'warn';
    logger[level]({ err: error, queue, eventId: id, eventType: type, deliveries }, 'event will be delivered again');
    return outcome;
  }
};

const recordAsDeadLetter = async <DB extends KitTables>(
  { database, logger, clock }: DeliveryOptions<DB>,
  message: IsolatedMessage,
  error: string,
): Promise<Outcome> => {
  const { queue, id, type, data, failures } = message;
  await recordDeadLetter({ database, clock }, queue, { id, type, data, error, failures: failures + 1 });
  logger.error({ queue, eventId: id, eventType: type, reason: error }, 'dead letter');
  return { kind: 'dead', error };
};

const count = <DB extends KitTables>(
  { service }: DeliveryOptions<DB>,
  queue: string,
  outcome: Outcome['kind'],
  events: number,
): void => eventsTaken.inc({ service, queue, outcome }, events);

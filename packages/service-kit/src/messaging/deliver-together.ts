import type { QueueName } from '@smartserver/contracts';
import type { KitTables } from '../data/tables.ts';
import type { DeliveryOptions } from './deliver-alone.ts';
import { type ParsedEvent, parseEvent, receiveEvent, receiveEvents } from './inbox.ts';
import type { Message, Outcome } from './message.ts';
import { eventsTaken } from './metrics.ts';
import type { IncomingParcel } from './parcel.ts';
import { isAway, outcomeOf, pauseOfOutage } from './retry-policy.ts';

/** Workers that ended with a parcel: one of its messages may be what ends them, and is looked for. */
const STALLS_TOGETHER = 2;
/** The same for what looks like an outage; a real one of some minutes passes by. */
const DELIVERIES_TOGETHER = 20;

/** A message that goes on in a parcel of its own, and the failure that it has to its name. */
type Apart = { message: Message; delayMs: number; failures: number; deliveries: number };

/**
 * Delivers the messages of a parcel in one transaction. When that fails, each in its own; those that fail again go on in parcels of
 * their own, where each is counted and judged alone, and the parcel is done.
 */
export const deliverTogether = async <DB extends KitTables>(
  options: DeliveryOptions<DB>,
  parcel: IncomingParcel,
): Promise<Outcome> => {
  const { queue, messages } = parcel;
  const taken = await take(options, parcel).catch((error: unknown) => {
    count(options, queue, 'later', messages.length);
    return comeAgain(options, parcel, error);
  });
  if ('kind' in taken) return taken;
  const { apart, effects } = taken;
  if (effects > 0) options.relay?.wake();
  if (apart.length === 0) return { kind: 'done' };
  try {
    await Promise.all(apart.map(({ message, ...rest }) => options.messaging.publishApart(queue, message, rest)));
    return { kind: 'done', apart: apart.map(({ message }) => message.id) };
  } catch (error) {
    return comeAgain(options, parcel, error);
  }
};

/** The database or the queues are away. What has had its effect is in the inbox when the parcel comes again. */
const comeAgain = <DB extends KitTables>(
  { logger, retry }: DeliveryOptions<DB>,
  { queue, deliveries, messages }: IncomingParcel,
  err: unknown,
): Outcome => {
  const about = { queue, events: messages.length, deliveries };
  logger[deliveries < 4 ? 'debug' : 'warn']({ err, ...about }, 'events will be delivered again');
  return { kind: 'later', delayMs: pauseOfOutage(deliveries, retry) };
};

type Taken = { apart: Apart[]; effects: number };

const take = async <DB extends KitTables>(options: DeliveryOptions<DB>, parcel: IncomingParcel): Promise<Taken> => {
  const { queue, messages, stalls, deliveries } = parcel;
  if (stalls >= STALLS_TOGETHER || deliveries >= DELIVERIES_TOGETHER)
    return { apart: messages.map(untried), effects: 0 };
  const apart: Apart[] = [];
  const events: (ParsedEvent<DB> & { message: Message })[] = [];
  for (const message of messages) {
    const parsed = parseEvent(options.handlers, message);
    if (typeof parsed === 'string') apart.push(untried(message));
    else events.push({ message, ...parsed });
  }
  if (events.length === 0) return { apart, effects: 0 };
  let effects = 0;
  try {
    effects = await receiveEvents(options.database, queue, events);
    count(options, queue, 'done', events.length);
  } catch (error) {
    if (isAway(error)) throw error;
    options.logger.debug({ err: error, queue, events: events.length }, 'events are taken one by one');
    for (const event of events) {
      const failed = await takeOne(options, queue, event);
      if (failed === null) effects += 1;
      else apart.push(failed);
      count(options, queue, failed === null ? 'done' : failed.failures > 0 ? 'failed' : 'later', 1);
    }
  }
  return { apart, effects };
};

/** @returns null when it is done */
const takeOne = async <DB extends KitTables>(
  { database, retry }: DeliveryOptions<DB>,
  queue: QueueName,
  { message, ...parsed }: ParsedEvent<DB> & { message: Message },
): Promise<Apart | null> => {
  try {
    await receiveEvent(database, queue, parsed);
    return null;
  } catch (error) {
    if (isAway(error)) throw error;
    const outcome = outcomeOf(error, { failures: 0, deliveries: 1 }, retry);
    return {
      message,
      delayMs: 'delayMs' in outcome ? outcome.delayMs : 0,
      failures: outcome.kind === 'failed' ? 1 : 0,
      deliveries: 1,
    };
  }
};

const untried = (message: Message): Apart => ({ message, delayMs: 0, failures: 0, deliveries: 0 });

const count = <DB extends KitTables>(
  { service }: DeliveryOptions<DB>,
  queue: string,
  outcome: Outcome['kind'],
  events: number,
): void => eventsTaken.inc({ service, queue, outcome }, events);

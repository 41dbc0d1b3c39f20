import type { ServiceName } from '@smartserver/contracts';
import type { Clock } from '../clock.ts';
import type { Database } from '../data/database.ts';
import type { KitTables } from '../data/tables.ts';
import type { Logger } from '../logger.ts';
import { recordDeadLetter } from './dead-letters.ts';
import type { Handlers } from './handlers.ts';
import { parseEvent, receiveEvent } from './inbox.ts';
import type { IncomingMessage, Outcome } from './message.ts';
import type { Messaging } from './messaging.ts';
import { eventsTaken } from './metrics.ts';
import { outcomeOf, type RetryPolicy } from './retry-policy.ts';

export type DeliveryOptions<DB extends KitTables> = {
  service: ServiceName;
  database: Pick<Database<DB>, 'kysely'>;
  messaging: Pick<Messaging, 'publishApart'>;
  logger: Logger;
  clock: Clock;
  handlers: Handlers<DB>;
  /** Woken after each effect: handlers may have recorded events of their own. */
  relay?: { wake(): void };
  retry?: RetryPolicy;
};

/** Delivers a message that came in a parcel of its own. Its failures are counted and judged by the retry policy. */
export const deliverAlone = async <DB extends KitTables>(
  options: DeliveryOptions<DB>,
  message: IncomingMessage,
): Promise<Outcome> => {
  const outcome = await deliver(options, message);
  eventsTaken.inc({ service: options.service, queue: message.queue, outcome: outcome.kind });
  return outcome;
};

const deliver = async <DB extends KitTables>(
  options: DeliveryOptions<DB>,
  message: IncomingMessage,
): Promise<Outcome> => {
  const { database, logger, relay } = options;
  const parsed = parseEvent(options.handlers, message);
  try {
    if (typeof parsed === 'string') return await bury(options, message, parsed);
    const effect = await receiveEvent(database, message.queue, parsed);
    if (effect) relay?.wake();
    return { kind: 'done' };
  } catch (error) {
    const outcome = outcomeOf(error, message, options.retry);
    if (outcome.kind === 'dead') return bury(options, message, outcome.error).catch(laterBecause);
    const { queue, id, type, deliveries } = message;
    const about = { queue, eventId: id, eventType: type, deliveries };
    logger[deliveries < 4 ? 'debug' : 'warn']({ err: error, ...about }, 'an event will be delivered again');
    return outcome;
  }
};

/** The list of dead letters lies in the service's database: while that is away, the message waits. */
const laterBecause = (): Outcome => ({ kind: 'later', delayMs: 5_000 });

const bury = async <DB extends KitTables>(
  { database, logger, clock }: DeliveryOptions<DB>,
  message: IncomingMessage,
  error: string,
): Promise<Outcome> => {
  const { queue, id, type, data, failures } = message;
  await recordDeadLetter({ database, clock }, queue, { id, type, data, error, failures: failures + 1 });
  logger.error({ queue, eventId: id, eventType: type, reason: error }, 'dead letter');
  return { kind: 'dead', error };
};

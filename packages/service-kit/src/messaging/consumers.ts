import { type QueueName, queuesOf, type ServiceName } from '@smartserver/contracts';
import type { KitTables } from '../data/tables.ts';
import { type IncomingBatch, isolatedMessageOf, type Outcome } from './batch.ts';
import { collectDeadLetters } from './dead-letters.ts';
import { type DeliveryOptions, deliverBatch, deliverIsolated } from './deliver.ts';
import type { Messaging } from './messaging.ts';
import type { Subscription } from './subscription.ts';

export type Consumers = { stop(): Promise<void> };

export type ConsumerOptions<DB extends KitTables> = DeliveryOptions<DB> & {
  messaging: Messaging;
  service: ServiceName;
  /** Batches of one queue that are worked on at once; 2 by default. */
  concurrency?: number;
};

const COLLECT_EVERY_MS = 60_000;

/** Consumes the queues of a service: each event has its effect once, in the transaction that records it as taken. */
export const startConsumers = <DB extends KitTables>(options: ConsumerOptions<DB>): Consumers => {
  const { service, messaging, concurrency = 2 } = options;
  const receive = (batch: IncomingBatch): Promise<Outcome> => {
    const message = isolatedMessageOf(batch);
    return message === null ? deliverBatch(options, batch) : deliverIsolated(options, message);
  };
  const subscriptions: Subscription[] = queuesOf(service).map((queue: QueueName) =>
    messaging.subscribe(queue, receive, { concurrency }),
  );
  const collect = () =>
    collectDeadLetters(options, service).catch((err: unknown) =>
      options.logger.debug({ err }, 'dead letters could not be collected'),
    );
  const timer = setInterval(collect, COLLECT_EVERY_MS).unref();
  return {
    stop: async () => {
      clearInterval(timer);
      await Promise.all(subscriptions.map((subscription) => subscription.close()));
    },
  };
};

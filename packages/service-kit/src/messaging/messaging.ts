import { deliveryDelaySeconds, type QueueName } from '@smartserver/contracts';
import type { JobsOptions } from 'bullmq';
import type { Logger } from '../logger.ts';
import { Canary } from './canary.ts';
import type { DeadMessage, Fate, OutgoingMessage } from './message.ts';
import { OpenQueues } from './open-queues.ts';
import { shareTransport } from './shared-transport.ts';
import { type Receive, Subscription } from './subscription.ts';
import type { Transport } from './transport.ts';

/** The queues between the services, on either back end of BullMQ. At least once, in any order. */
export type Messaging = {
  kind: Transport['kind'];
  /** @throws Error within 5 s when the queues are away; nothing, or all, was published then */
  publish(queue: QueueName, messages: readonly OutgoingMessage[]): Promise<void>;
  /** Publishes a message that the queue has finished with, or has lost, again. */
  publishAgain(queue: QueueName, message: OutgoingMessage): Promise<void>;
  fatesOf(queue: QueueName, ids: readonly string[]): Promise<Map<string, Fate>>;
  deadOf(queue: QueueName, limit: number): Promise<DeadMessage[]>;
  subscribe(queue: QueueName, receive: Receive, options?: { concurrency?: number }): Subscription;
  /**
   * For readiness: sends a message through each queue that this process consumes and waits for it. An answer to PING would
   * not tell whether the workers work.
   * @throws Error that names the queues through which nothing came
   */
  canary(): Promise<void>;
  /** Ends the subscriptions, letting messages that are being worked on end, and the connections. */
  close(): Promise<void>;
};

/** Tried again for as long as the consumer says so: it decides, by the kind of the failure. */
const ATTEMPTS = 1_000_000_000;

/**
 * @param options.url redis://, rediss:// or postgres://
 * @param options.poolSize connections of the PostgreSQL back end, next to one that listens; 4 unless told otherwise
 */
export const openMessaging = (options: { url: string; logger: Logger; poolSize?: number }): Messaging => {
  const { logger } = options;
  const transport = shareTransport(options.url, logger, options.poolSize ?? 4);
  const queues = new OpenQueues(transport, logger);
  const subscriptions = new Set<Subscription>();
  const canary = new Canary({ queues, subscriptions, logger });

  const jobOptions = (queue: QueueName, id: string): JobsOptions => ({
    jobId: id,
    delay: deliveryDelaySeconds(queue) * 1_000,
    attempts: ATTEMPTS,
    backoff: { type: 'custom' },
    removeOnComplete: transport.keepCompleted,
    removeOnFail: false,
    // Stack traces would fill the queue, and may quote what must not lie there.
    stackTraceLimit: 0,
  });

  const publish: Messaging['publish'] = async (name, messages) => {
    const [first, ...others] = messages;
    if (first === undefined) return;
    await queues.use<unknown>(name, (queue) =>
      // One alone goes faster by itself: for several, the PostgreSQL back end makes temporary tables.
      others.length === 0
        ? queue.add(first.type, first.data, jobOptions(name, first.id))
        : queue.addBulk(messages.map(({ id, type, data }) => ({ name: type, data, opts: jobOptions(name, id) }))),
    );
  };

  return {
    kind: transport.kind,
    publish,
    publishAgain: async (name, message) => {
      await queues.use(name, (queue) => queue.remove(message.id));
      await publish(name, [message]);
    },
    fatesOf: (name, ids) =>
      queues.use(name, async (queue) => {
        const states = await transport.statesOf(queue, ids);
        return new Map(ids.map((id) => [id, fateOf(states.get(id))]));
      }),
    deadOf: (name, limit) =>
      queues.use(name, async (queue) => {
        const jobs = await queue.getFailed(0, limit - 1);
        return jobs.flatMap((job) =>
          job?.id === undefined
            ? []
            : [{ id: job.id, type: job.name, data: job.data, error: job.failedReason, failures: job.attemptsMade }],
        );
      }),
    subscribe: (queue, receive, { concurrency = 5 } = {}) => {
      const subscription = new Subscription(queue, { transport, logger, receive, concurrency });
      subscriptions.add(subscription);
      canary.watch();
      return subscription;
    },
    canary: () => canary.sing(),
    close: async () => {
      canary.stop();
      await Promise.all([...subscriptions].map((subscription) => subscription.close()));
      await queues.close();
      await transport.close();
    },
  };
};

const fateOf = (state: string | undefined): Fate => {
  if (state === undefined || state === 'unknown') return 'missing';
  if (state === 'completed') return 'done';
  return state === 'failed' ? 'dead' : 'underway';
};

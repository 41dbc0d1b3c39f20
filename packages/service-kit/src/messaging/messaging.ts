import type { QueueName } from '@smartserver/contracts';
import type { JobsOptions } from 'bullmq';
import type { Logger } from '../logger.ts';
import { Canary } from './canary.ts';
import type { DeadMessage, Fate, Message } from './message.ts';
import { OpenQueues } from './open-queues.ts';
import { type Before, fromJob, PARCEL, parcelId, toJobData } from './parcel.ts';
import { type Schedule, type ScheduleTiming, startSchedule } from './schedule.ts';
import { shareTransport } from './shared-transport.ts';
import { type Receive, Subscription } from './subscription.ts';
import type { JobState, Transport } from './transport.ts';

/** The queues between the services, on either back end of BullMQ. At least once, in any order. */
export type Messaging = {
  kind: Transport['kind'];
  /**
   * Publishes messages in one parcel: at least one, few enough to be taken in one transaction.
   * @param id of the parcel: a UUID, of one message alone its own
   * @returns the same
   * @throws Error within 5 s when the queues are away
   */
  publish(queue: QueueName, messages: readonly Message[], id?: string): Promise<string>;
  /** Sends a message of a parcel on, in one of its own; nothing if that is there already. */
  publishApart(queue: QueueName, message: Message, options: Before & { delayMs: number }): Promise<void>;
  /** Publishes a message that the queue has finished with, or has lost, again. */
  publishAgain(queue: QueueName, message: Message): Promise<void>;
  /** @param ids of parcels */
  fatesOf(queue: QueueName, ids: readonly string[]): Promise<Map<string, Fate>>;
  deadOf(queue: QueueName, limit: number): Promise<DeadMessage[]>;
  subscribe(queue: QueueName, receive: Receive, options?: { concurrency?: number }): Subscription;
  /**
   * Does something again and again, once for all processes that ask for it. A process that stops in the middle leaves the run to
   * another one.
   * @param queueName of a queue of its own, which carries no events; by convention `<service>-<job>`
   */
  schedule(queueName: string, work: () => Promise<void>, timing: ScheduleTiming): Schedule;
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

  const jobOptions = (jobId: string, delay: number): JobsOptions => ({
    jobId,
    delay,
    attempts: ATTEMPTS,
    backoff: { type: 'custom' },
    removeOnComplete: transport.keepCompleted,
    removeOnFail: false,
    // Stack traces would fill the queue, and may quote what must not lie there.
    stackTraceLimit: 0,
  });

  const publish: Messaging['publish'] = async (name, messages, id = parcelId(messages)) => {
    const options = jobOptions(id, 0);
    await queues.use(name, (queue) => queue.add(PARCEL, toJobData(messages), options));
    return id;
  };

  const subscribe: Messaging['subscribe'] = (queue, receive, { concurrency = 2 } = {}) => {
    const subscription = new Subscription(queue, { transport, logger, receive, concurrency });
    subscriptions.add(subscription);
    canary.watch();
    return subscription;
  };

  return {
    kind: transport.kind,
    publish,
    publishApart: async (name, message, { delayMs, ...before }) => {
      const options = jobOptions(message.id, delayMs);
      await queues.use(name, (queue) => queue.add(PARCEL, toJobData([message], before), options));
    },
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
        return jobs.flatMap((job) => {
          const { messages, failures } = fromJob(name, job);
          // Of several in one parcel none was judged: their relay sends them again.
          return messages.length > 1 ? [] : messages.map((one) => ({ ...one, error: job.failedReason, failures }));
        });
      }),
    subscribe,
    schedule: (name, work, timing) => startSchedule({ queues, subscribe, logger }, name, work, timing),
    canary: () => canary.sing(),
    close: async () => {
      canary.stop();
      await Promise.all([...subscriptions].map((subscription) => subscription.close()));
      await queues.close();
      await transport.close();
    },
  };
};

const fateOf = (job: JobState | undefined): Fate => {
  if (job === undefined || job.state === 'unknown') return { kind: 'missing' };
  if (job.state === 'completed') return { kind: 'done', apart: apartOf(job.result) };
  return { kind: job.state === 'failed' ? 'dead' : 'underway' };
};

const apartOf = (result: unknown): readonly string[] => {
  const { apart } = (result ?? {}) as { apart?: unknown };
  return Array.isArray(apart) ? apart.map(String) : [];
};

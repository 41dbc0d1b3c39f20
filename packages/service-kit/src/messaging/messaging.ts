import { setTimeout as pause } from 'node:timers/promises';
import { deliveryDelaySeconds, type QueueName } from '@smartserver/contracts';
import type { JobsOptions } from 'bullmq';
import type { Logger } from '../logger.ts';
import {
  BATCH_JOB,
  batchId,
  type DeadMessage,
  type EarlierTries,
  fromJob,
  isolatedOfResult,
  type JobStatus,
  type Message,
  toJobData,
} from './batch.ts';
import { OpenQueues } from './open-queues.ts';
import { QueueProbe } from './queue-probe.ts';
import { type Schedule, type ScheduleTiming, startSchedule } from './schedule.ts';
import { shareTransport } from './shared-transport.ts';
import { type Receive, Subscription } from './subscription.ts';
import type { JobState, Transport } from './transport.ts';

/** The queues between the services, on either back end of BullMQ. At least once, in any order. */
export type Messaging = {
  kind: Transport['kind'];
  /**
   * Publishes messages in one batch: at least one, few enough to be taken in one transaction.
   * @param id of the batch: a UUID, that of the message if it is only one
   * @returns the same
   * @throws Error within 5 s when the queues are down
   */
  publish(queue: QueueName, messages: readonly Message[], id?: string): Promise<string>;
  /** Publishes a message of a batch in one of its own; does nothing if that is there already. */
  publishIsolated(queue: QueueName, message: Message, options: EarlierTries & { delayMs: number }): Promise<void>;
  /** Publishes a message that the queue has finished with, or has lost, again. */
  publishAgain(queue: QueueName, message: Message): Promise<void>;
  /** @param ids of batches */
  statusesOf(queue: QueueName, ids: readonly string[]): Promise<Map<string, JobStatus>>;
  listDead(queue: QueueName, limit: number): Promise<DeadMessage[]>;
  subscribe(queue: QueueName, receive: Receive, options?: { concurrency?: number }): Subscription;
  /**
   * Does something again and again, once for all processes that ask for it. A process that stops in the middle leaves the run to
   * another one.
   * @param queueName of a queue of its own, which carries no events; by convention `<service>-<job>`
   */
  schedule(queueName: string, work: () => Promise<void>, timing: ScheduleTiming): Schedule;
  /**
   * For readiness: sends a job through each queue that this process consumes and waits for it. An answer to PING would not show
   * whether the workers work.
   * @throws Error that names the queues through which nothing came
   */
  probe(): Promise<void>;
  /** Ends the subscriptions, once their current messages are done, and the connections. */
  close(): Promise<void>;
};

/** The consumer decides when to give up, by the kind of the failure. */
const ATTEMPTS = 1_000_000_000;

const LOOK_EVERY_MS = 50;
const MOST_LOOKS = 100;

/**
 * @param options.url redis://, rediss:// or postgres://
 * @param options.poolSize connections of the PostgreSQL back end, next to one that listens; 4 by default
 */
export const openMessaging = (options: { url: string; logger: Logger; poolSize?: number }): Messaging => {
  const { logger } = options;
  const transport = shareTransport(options.url, logger, options.poolSize ?? 4);
  const queues = new OpenQueues(transport, logger);
  const subscriptions = new Set<Subscription>();
  const { keepCompleted } = transport;
  const probe = new QueueProbe({ queues, subscriptions, keepCompleted, logger });

  const jobOptions = (jobId: string, delay: number): JobsOptions => ({
    jobId,
    delay,
    attempts: ATTEMPTS,
    backoff: { type: 'custom' },
    removeOnComplete: keepCompleted,
    removeOnFail: false,
    // Stack traces would fill the queue, and may quote values that must not lie there.
    stackTraceLimit: 0,
  });

  const publish: Messaging['publish'] = async (name, messages, id = batchId(messages)) => {
    const options = jobOptions(id, deliveryDelaySeconds(name) * 1_000);
    await queues.use(name, (queue) => queue.add(BATCH_JOB, toJobData(messages), options));
    return id;
  };

  const subscribe: Messaging['subscribe'] = (queue, receive, { concurrency = 2 } = {}) => {
    const subscription = new Subscription(queue, { transport, logger, receive, concurrency });
    subscriptions.add(subscription);
    probe.watch();
    return subscription;
  };

  return {
    kind: transport.kind,
    publish,
    publishIsolated: async (name, message, { delayMs, ...earlier }) => {
      const options = jobOptions(message.id, delayMs);
      await queues.use(name, (queue) => queue.add(BATCH_JOB, toJobData([message], earlier), options));
    },
    publishAgain: async (name, message) => {
      // A job that is just ending is locked: it would not be removed, and the new one be taken for a repeat of it.
      for (let looks = 1; (await queues.use(name, (queue) => queue.getJobState(message.id))) === 'active'; looks += 1) {
        if (looks === MOST_LOOKS) throw new Error('the message is being worked on: try again later');
        await pause(LOOK_EVERY_MS);
      }
      await queues.use(name, (queue) => queue.remove(message.id));
      await publish(name, [message]);
    },
    statusesOf: (name, ids) =>
      queues.use(name, async (queue) => {
        const states = await transport.statesOf(queue, ids);
        return new Map(ids.map((id) => [id, statusOf(states.get(id))]));
      }),
    listDead: (name, limit) =>
      queues.use(name, async (queue) => {
        const jobs = await queue.getFailed(0, limit - 1);
        return jobs.flatMap((job) => {
          const { messages, failures } = fromJob(name, job);
          // Of several in one batch none was judged: their relay publishes them again.
          return messages.length > 1 ? [] : messages.map((one) => ({ ...one, error: job.failedReason, failures }));
        });
      }),
    subscribe,
    schedule: (name, work, timing) => startSchedule({ queues, subscribe, logger }, name, work, timing),
    probe: () => probe.probe(),
    close: async () => {
      probe.stop();
      await Promise.all([...subscriptions].map((subscription) => subscription.close()));
      await queues.close();
      await transport.close();
    },
  };
};

const statusOf = (job: JobState | undefined): JobStatus => {
  if (job === undefined || job.state === 'unknown') return { kind: 'missing' };
  if (job.state === 'completed') return { kind: 'done', isolated: isolatedOfResult(job.result) };
  return { kind: job.state === 'failed' ? 'dead' : 'active' };
};

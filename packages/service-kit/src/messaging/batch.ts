import { randomUUID } from 'node:crypto';
import type { QueueName } from '@smartserver/contracts';
import type { Job } from 'bullmq';

/** An event as a queue carries it. The id is the event's UUID. */
export type Message = { id: string; type: string; data: unknown };

/** Messages that are delivered together: one job of a queue. */
export type IncomingBatch = {
  queue: QueueName;
  id: string;
  messages: readonly Message[];
  /** Of the batch, and so of a message that is isolated in it. Deliveries that ended in `later` are no failures. */
  failures: number;
  /** This one included. */
  deliveries: number;
  /** How often a worker ended, or stood still, while it had the batch. */
  stalls: number;
};

/** A message that was delivered in a batch of its own: what is counted of the batch is its own. */
export type IsolatedMessage = Message & Pick<IncomingBatch, 'queue' | 'failures' | 'deliveries'>;

/** A message that could not be taken, with the reason. */
export type DeadMessage = Message & { error: string; failures: number };

/** The result of a delivery. */
export type Outcome =
  /** `isolated`: ids of the messages that have had no effect yet, and are retried each in a batch of its own. */
  | { kind: 'done'; isolated?: readonly string[] }
  /** Again later, as if it had not been delivered. */
  | { kind: 'later'; delayMs: number }
  /** It failed; again later. */
  | { kind: 'failed'; delayMs: number; error: string }
  /** It failed for the last time. */
  | { kind: 'dead'; error: string };

/**
 * Status of the job of a published batch: `done` (its messages have had their effect, except the isolated ones), `dead` (waits for a
 * retry command), `active` (waits or is worked on), `missing` (the queue has lost it, or has deleted a finished one: nothing is known).
 */
export type JobStatus =
  | { kind: 'done'; isolated: readonly string[] }
  | { kind: 'dead' }
  | { kind: 'active' }
  | { kind: 'missing' };

/** How often a message failed, and was delivered, before it was isolated. */
export type EarlierTries = { failures: number; deliveries: number };

type JobData = { messages: Message[] } & Partial<EarlierTries>;

/** Job name of batches. Jobs of other names carry one message: data of the first versions, which still may wait in a queue. */
export const BATCH_JOB = 'events';

export const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** A single message gives its id to the batch, so that a command finds it again. */
export const batchId = (messages: readonly Message[]): string =>
  messages.length === 1 && messages[0] !== undefined ? messages[0].id : randomUUID();

export const toJobData = (messages: readonly Message[], earlier?: EarlierTries): JobData => ({
  messages: messages.map(({ id, type, data }) => ({ id, type, data })),
  ...earlier,
});

type Delivered = Pick<Job, 'id' | 'name' | 'data' | 'attemptsMade' | 'attemptsStarted' | 'stalledCounter'>;

export const fromJob = (queue: QueueName, job: Delivered): IncomingBatch => {
  const data = job.name === BATCH_JOB ? asJobData(job.data) : null;
  return {
    queue,
    id: String(job.id),
    messages: data === null ? [{ id: String(job.id), type: job.name, data: job.data }] : messagesOf(job, data),
    failures: job.attemptsMade + (data?.failures ?? 0),
    deliveries: job.attemptsStarted + (data?.deliveries ?? 0),
    stalls: job.stalledCounter,
  };
};

/** @returns null for a batch of several */
export const isolatedMessageOf = ({ messages, queue, failures, deliveries }: IncomingBatch): IsolatedMessage | null =>
  messages.length === 1 && messages[0] !== undefined ? { ...messages[0], queue, failures, deliveries } : null;

/** Batches come from our own relays. Other data is a message of unknown type, and becomes a dead letter. */
const asJobData = (data: unknown): JobData | null => {
  const { messages } = (data ?? {}) as JobData;
  return Array.isArray(messages) && messages.length > 0 ? (data as JobData) : null;
};

const messagesOf = (job: Delivered, { messages }: JobData): Message[] =>
  messages.map((message: Partial<Message> | null, i) => ({
    id: typeof message?.id === 'string' && UUID.test(message.id) ? message.id : substituteId(job, i, messages.length),
    type: String(message?.type),
    data: message?.data,
  }));

/** One under which a job can be added. */
const substituteId = ({ id }: Delivered, i: number, of: number): string => (of === 1 ? String(id) : `${id}-${i}`);

/**
 * What a finished job keeps of its outcome. The stored field is named `apart`, as former versions write and read it: during a rolling
 * deployment relays and workers of both versions share the queues.
 */
export const toJobResult = (isolated: readonly string[] | undefined): { apart: readonly string[] } | undefined =>
  isolated === undefined ? undefined : { apart: isolated };

export const isolatedOfResult = (result: unknown): readonly string[] => {
  const { apart } = (result ?? {}) as { apart?: unknown };
  return Array.isArray(apart) ? apart.map(String) : [];
};

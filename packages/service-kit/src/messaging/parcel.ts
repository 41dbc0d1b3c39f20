import { randomUUID } from 'node:crypto';
import type { QueueName } from '@smartserver/contracts';
import type { Job } from 'bullmq';
import type { IncomingMessage, Message } from './message.ts';

/** What a queue carries: messages that are delivered together, as one job. */
export type IncomingParcel = {
  queue: QueueName;
  id: string;
  messages: readonly Message[];
  /** Of the parcel, and so of a message that is alone in it. */
  failures: number;
  deliveries: number;
  /** How often a worker ended, or stood still, while it had the parcel. */
  stalls: number;
};

/** How often a message failed, and was delivered, before it came into a parcel of its own. */
export type Before = { failures: number; deliveries: number };

type JobData = { messages: Message[] } & Partial<Before>;

/** Job name of parcels; jobs of other names carry one message, as all did once. */
export const PARCEL = 'events';

export const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** One message alone keeps its own id: so it is found again, put back by a command, and told from others in the list of dead letters. */
export const parcelId = (messages: readonly Message[]): string =>
  messages.length === 1 && messages[0] !== undefined ? messages[0].id : randomUUID();

export const toJobData = (messages: readonly Message[], before?: Before): JobData => ({
  messages: messages.map(({ id, type, data }) => ({ id, type, data })),
  ...before,
});

type Delivered = Pick<Job, 'id' | 'name' | 'data' | 'attemptsMade' | 'attemptsStarted' | 'stalledCounter'>;

export const fromJob = (queue: QueueName, job: Delivered): IncomingParcel => {
  const data = job.name === PARCEL ? asJobData(job.data) : null;
  return {
    queue,
    id: String(job.id),
    messages: data === null ? [{ id: String(job.id), type: job.name, data: job.data }] : messagesOf(job, data),
    failures: job.attemptsMade + (data?.failures ?? 0),
    deliveries: job.attemptsStarted + (data?.deliveries ?? 0),
    stalls: job.stalledCounter,
  };
};

/** A message alone in its parcel: what is counted of the parcel is its own. */
export const onlyMessageOf = ({ messages, queue, failures, deliveries }: IncomingParcel): IncomingMessage | null =>
  messages.length === 1 && messages[0] !== undefined ? { ...messages[0], queue, failures, deliveries } : null;

/** Parcels come from our own relays. One that does not look so is a message of unknown type, and ends with the dead letters. */
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

/** One under which a job can be made. */
const substituteId = ({ id }: Delivered, i: number, of: number): string => (of === 1 ? String(id) : `${id}-${i}`);

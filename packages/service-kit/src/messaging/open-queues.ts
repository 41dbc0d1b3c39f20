import type { QueueName } from '@smartserver/contracts';
import type { Queue } from 'bullmq';
import type { Logger } from '../logger.ts';
import type { Transport } from './transport.ts';

const TIMEOUT_MS = 5_000;

/** The queues that this process has used. */
export class OpenQueues {
  private readonly open = new Map<QueueName, { queue: Queue; ready: boolean }>();

  constructor(
    private readonly transport: Transport,
    private readonly logger: Logger,
  ) {}

  /** @throws Error within 5 s when the queues are down */
  async use<T>(name: QueueName, work: (queue: Queue) => Promise<T>): Promise<T> {
    return within(
      TIMEOUT_MS,
      `calling the queue ${name}`,
      this.transport.ready().then(() => work(this.get(name))),
    ).catch((error: unknown) => {
      this.forgetIfNeverReady(name);
      throw error;
    });
  }

  async close(): Promise<void> {
    await Promise.all([...this.open.values()].map(({ queue }) => queue.close().catch(() => undefined)));
  }

  private get(name: QueueName): Queue {
    const known = this.open.get(name);
    if (known !== undefined) return known.queue;
    const entry = { queue: this.transport.openQueue(name), ready: false };
    entry.queue.on('error', (error) => this.logger.debug({ err: error, queue: name }, 'queue error'));
    entry.queue.waitUntilReady().then(
      () => {
        entry.ready = true;
      },
      () => undefined,
    );
    this.open.set(name, entry);
    return entry.queue;
  }

  /** BullMQ keeps the result of the first contact, also a failed one: such a queue is opened again by the next call. */
  private forgetIfNeverReady(name: QueueName): void {
    const entry = this.open.get(name);
    if (entry === undefined || entry.ready) return;
    this.open.delete(name);
    entry.queue.close().catch(() => undefined);
  }
}

/** Fails instead of waiting for ever: a client library may hold a call until its server is back. */
const within = async <T>(milliseconds: number, what: string, work: Promise<T>): Promise<T> => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what} took longer than ${milliseconds} ms`)), milliseconds);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
};

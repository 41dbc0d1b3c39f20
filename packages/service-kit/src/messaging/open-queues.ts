import type { QueueName } from '@smartserver/contracts';
import type { Queue } from 'bullmq';
import type { Logger } from '../logger.ts';
import { type Transport, within } from './transport.ts';

const LIMIT_MS = 5_000;

/** The queues this process has talked to. */
export class OpenQueues {
  private readonly transport: Transport;
  private readonly logger: Logger;
  private readonly open = new Map<QueueName, { queue: Queue; ready: boolean }>();

  constructor(transport: Transport, logger: Logger) {
    this.transport = transport;
    this.logger = logger;
  }

  /** @throws Error within 5 s when the queues are away */
  async use<T>(name: QueueName, work: (queue: Queue) => Promise<T>): Promise<T> {
    return within(
      LIMIT_MS,
      `talking to the queue ${name}`,
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
    entry.queue.on('error', (error) => this.logger.debug({ err: error, queue: name }, 'the queue has an error'));
    entry.queue.waitUntilReady().then(
      () => {
        entry.ready = true;
      },
      () => undefined,
    );
    this.open.set(name, entry);
    return entry.queue;
  }

  /** BullMQ keeps the result of the first contact, also a failed one: such a queue is opened anew. */
  private forgetIfNeverReady(name: QueueName): void {
    const entry = this.open.get(name);
    if (entry === undefined || entry.ready) return;
    this.open.delete(name);
    entry.queue.close().catch(() => undefined);
  }
}

import type { Logger } from '../logger.ts';

type LoopOptions = {
  /** Milliseconds between two rounds when there is nothing to do and nobody wakes it. */
  everyMs: number;
  backoffLongestMs: number;
  /** One round. True: there may be more to do, go on at once. */
  work: () => Promise<boolean>;
  logger: Logger;
  what: string;
};

/** Does one thing again and again, never twice at once: when woken, and by itself. After a failure it waits longer each time. */
export class Loop {
  private readonly options: LoopOptions;
  private timer: NodeJS.Timeout | null = null;
  private running: Promise<void> | null = null;
  private woken = false;
  private stopped = false;
  private failures = 0;

  constructor(options: LoopOptions) {
    this.options = options;
    this.plan();
  }

  /** Many calls while it works lead to one more round. */
  wake(): void {
    this.woken = true;
    // After a failure the pause is kept: whoever wakes it does not know that the queues are away.
    if (this.running === null && !this.stopped && this.failures === 0) this.start();
  }

  /** Lets the round that is under way end. */
  async stop(): Promise<void> {
    this.stopped = true;
    if (this.timer !== null) clearTimeout(this.timer);
    await this.running;
  }

  private start(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.running = this.run().finally(() => {
      this.running = null;
      if (this.stopped) return;
      if (this.woken && this.failures === 0) this.start();
      else this.plan();
    });
  }

  private async run(): Promise<void> {
    const { work, logger, what } = this.options;
    try {
      let more = true;
      while (more && !this.stopped) {
        this.woken = false;
        more = (await work()) || this.woken;
      }
      if (this.failures > 0) logger.info(`${what} works again`);
      this.failures = 0;
    } catch (err) {
      this.failures += 1;
      if (this.failures === 1) logger.warn({ err }, `${what} failed: will be tried again`);
      else logger.debug({ err }, `${what} failed again`);
    }
  }

  private plan(): void {
    const { everyMs, backoffLongestMs } = this.options;
    const pause =
      this.failures === 0 ? everyMs : Math.min(everyMs * 2 ** Math.min(this.failures - 1, 10), backoffLongestMs);
    this.timer = setTimeout(() => this.start(), pause);
    // The server keeps a service alive; a loop that nobody needs any more must not.
    this.timer.unref();
  }
}

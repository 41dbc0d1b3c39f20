import type { Logger } from '../logger.ts';

type LoopOptions = {
  /** Milliseconds between two rounds when it is not woken. */
  everyMs: number;
  /**
   * Milliseconds from one round that was asked for by `wake` to the next, however often it is woken: after a pause the first wake starts
   * a round at once; without a pause each round waits longer, so that it takes more at once. None by default.
   */
  gatherMs?: { first: number; longest: number };
  backoffLongestMs: number;
  /** One round. True: there is more to do, go on at once. */
  work: () => Promise<boolean>;
  logger: Logger;
  /** For the log. */
  name: string;
};

/** Repeats one thing, never twice at once: when woken, and by itself. After a failure it waits longer each time. */
export class Loop {
  private timer: NodeJS.Timeout | null = null;
  private running: Promise<void> | null = null;
  private woken = false;
  private stopped = false;
  private failures = 0;
  /** Start of the last round that a wake had asked for. */
  private begunAt = Number.NEGATIVE_INFINITY;
  private gatherMs = 0;

  constructor(private readonly options: LoopOptions) {
    this.plan();
  }

  /** Many wakes before the next round lead to one round. */
  wake(): void {
    if (this.woken) return;
    this.woken = true;
    // After a failure the delay is kept: callers do not know that the queues are down.
    if (this.running === null && !this.stopped && this.failures === 0) this.startSoon();
  }

  /** Waits for the current round. */
  async stop(): Promise<void> {
    this.stopped = true;
    if (this.timer !== null) clearTimeout(this.timer);
    await this.running;
  }

  private startSoon(): void {
    const { first, longest } = this.options.gatherMs ?? { first: 0, longest: 0 };
    const since = performance.now() - this.begunAt;
    const isBusy = since < Math.max(this.gatherMs, first);
    this.gatherMs = isBusy ? Math.min(Math.max(this.gatherMs * 2, first), longest) : 0;
    if (since >= this.gatherMs) this.start();
    else this.startIn(this.gatherMs - since);
  }

  private start(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.running = this.run().finally(() => {
      this.running = null;
      if (this.stopped) return;
      if (this.woken && this.failures === 0) this.startSoon();
      else this.plan();
    });
  }

  private async run(): Promise<void> {
    const { work, logger, name } = this.options;
    try {
      let more = true;
      while (more && !this.stopped) {
        if (this.woken) this.begunAt = performance.now();
        this.woken = false;
        more = await work();
      }
      if (this.failures > 0) logger.info({ loop: name }, 'loop recovered');
      this.failures = 0;
    } catch (err) {
      this.failures += 1;
      if (this.failures === 1) logger.warn({ err, loop: name }, 'loop failed and will be retried');
      else logger.debug({ err, loop: name }, 'loop failed again');
    }
  }

  private plan(): void {
    const { everyMs, backoffLongestMs } = this.options;
    this.startIn(
      this.failures === 0 ? everyMs : Math.min(everyMs * 2 ** Math.min(this.failures - 1, 10), backoffLongestMs),
    );
  }

  private startIn(milliseconds: number): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = setTimeout(() => this.start(), milliseconds);
    // The server keeps a service alive; a loop must not.
    this.timer.unref();
  }
}

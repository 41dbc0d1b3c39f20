import type { Logger } from '../logger.ts';

type LoopOptions = {
  /** Milliseconds between two rounds when there is nothing to do and nobody wakes it. */
  everyMs: number;
  /**
   * Milliseconds from one round that was called for to the next, however often it is called: after a rest a call is followed at once;
   * as long as there is no rest each round waits longer, so that more gathers for it. None unless told otherwise.
   */
  gatherMs?: { first: number; longest: number };
  backoffLongestMs: number;
  /** One round. True: there is more to do, go on at once. */
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
  /** Begin of the last round that somebody had called for. */
  private begun = Number.NEGATIVE_INFINITY;
  private gatherMs = 0;

  constructor(options: LoopOptions) {
    this.options = options;
    this.plan();
  }

  /** Many calls before its next round lead to one round. */
  wake(): void {
    if (this.woken) return;
    this.woken = true;
    // After a failure the pause is kept: whoever wakes it does not know that the queues are away.
    if (this.running === null && !this.stopped && this.failures === 0) this.startSoon();
  }

  /** Lets the round that is under way end. */
  async stop(): Promise<void> {
    this.stopped = true;
    if (this.timer !== null) clearTimeout(this.timer);
    await this.running;
  }

  private startSoon(): void {
    const { first, longest } = this.options.gatherMs ?? { first: 0, longest: 0 };
    const rest = performance.now() - this.begun;
    const restless = rest < Math.max(this.gatherMs, first);
    this.gatherMs = restless ? Math.min(Math.max(this.gatherMs * 2, first), longest) : 0;
    if (rest >= this.gatherMs) this.start();
    else this.startIn(this.gatherMs - rest);
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
    const { work, logger, what } = this.options;
    try {
      let more = true;
      while (more && !this.stopped) {
        if (this.woken) this.begun = performance.now();
        this.woken = false;
        more = await work();
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
    this.startIn(
      this.failures === 0 ? everyMs : Math.min(everyMs * 2 ** Math.min(this.failures - 1, 10), backoffLongestMs),
    );
  }

  private startIn(milliseconds: number): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = setTimeout(() => this.start(), milliseconds);
    // The server keeps a service alive; a loop that nobody needs any more must not.
    this.timer.unref();
  }
}

/** All of it stops within this time after Ctrl-C; what hangs is left behind. */
const STOP_WITHIN_MS = 9_000;

type Stop = { name: string; stop: () => Promise<void> };

/** What was started, in order; stopped in reverse, once, within a bound. A second Ctrl-C ends at once. */
export class Lifetime {
  private readonly started: Stop[] = [];
  private stopping: Promise<void> | null = null;

  add(name: string, stop: () => Promise<void>): void {
    this.started.push({ name, stop });
  }

  /** Stops on SIGINT and SIGTERM, and ends the process. */
  onSignals(): void {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      process.on(signal, () => {
        // A SIGTERM may follow the first Ctrl-C: `npm run dev` sends one to what a terminal may have reached already.
        if (this.stopping && signal === 'SIGTERM') return;
        if (this.stopping) process.exit(1);
        console.log('\nStopping …');
        setTimeout(() => {
          console.error(`Not everything stopped within ${STOP_WITHIN_MS / 1000} s.`);
          process.exit(1);
        }, STOP_WITHIN_MS).unref();
        void this.stop().then(() => {
          console.log('Stopped. Data is kept; start again with the same command.');
          process.exit(0);
        });
      });
    }
  }

  stop(): Promise<void> {
    this.stopping ??= this.stopAll();
    return this.stopping;
  }

  private async stopAll(): Promise<void> {
    for (const { name, stop } of this.started.reverse()) {
      await stop().catch((error: Error) => console.error(`${name} did not stop cleanly: ${error.message}`));
    }
  }
}

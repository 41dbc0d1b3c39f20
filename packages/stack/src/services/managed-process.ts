import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';

export type ProcessOptions = {
  name: string;
  /** Built entry, e.g. `services/license/dist/main.js`. */
  entry: string;
  args?: string[];
  environment: NodeJS.ProcessEnv;
  /** Where it answers once it listens. */
  url: string;
  /** Every line it prints. */
  onLine: (line: string) => void;
};

const READY_WITHIN_MS = 30_000;

/** A service in a process of its own, which can be killed and started again at the same address. */
export class ManagedProcess {
  readonly name: string;
  readonly url: string;
  private readonly options: ProcessOptions;
  private child: ChildProcess | null = null;

  constructor(options: ProcessOptions) {
    this.options = options;
    this.name = options.name;
    this.url = options.url;
  }

  get pid(): number | undefined {
    return this.child?.pid;
  }

  get running(): boolean {
    return this.child !== null && this.child.exitCode === null && this.child.signalCode === null;
  }

  /** Starts the process; it may not be ready yet. */
  spawn(): ChildProcess {
    const { entry, args = [], environment, onLine } = this.options;
    // A group of its own: Ctrl-C in the terminal is the parent's to hand on, in the right order.
    const child = spawn(process.execPath, [entry, ...args], {
      env: environment,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [child.stdout, child.stderr]) {
      let rest = '';
      stream?.setEncoding('utf8').on('data', (chunk: string) => {
        const lines = (rest + chunk).split('\n');
        rest = lines.pop() ?? '';
        for (const line of lines) onLine(line);
      });
    }
    this.child = child;
    return child;
  }

  async start(): Promise<void> {
    this.spawn();
    await this.ready();
  }

  /** Waits until the process answers that it is ready. */
  async ready(): Promise<void> {
    const deadline = Date.now() + READY_WITHIN_MS;
    while (Date.now() < deadline) {
      if (!this.running) throw new Error(`${this.name} ended while it was starting.`);
      const answer = await fetch(new URL('/readyz', this.url)).catch(() => null);
      if (answer?.ok) return;
      await sleep(30);
    }
    throw new Error(`${this.name} was not ready within ${READY_WITHIN_MS / 1000} s.`);
  }

  /** Sends a signal and waits for the end. */
  async kill(signal: NodeJS.Signals): Promise<void> {
    const child = this.child;
    if (!child || !this.running) return;
    const exited = once(child, 'exit');
    child.kill(signal);
    await exited;
  }

  /** Asks it to stop; after the time given, it is made to. */
  async stop(withinMs = 8_000): Promise<void> {
    const timer = setTimeout(() => void this.kill('SIGKILL'), withinMs);
    await this.kill('SIGTERM');
    clearTimeout(timer);
  }
}

import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Machine, runCms, type Terminal } from '../src/index.ts';

/** A SmartServer in a temporary folder, driven by its command line. */
export class Bench {
  readonly folder = mkdtempSync(join(tmpdir(), 'smartserver-test-'));
  private readonly others: string[] = [];
  /** What the command wrote last. */
  out = '';
  err = '';
  now = new Date('2026-03-01T12:00:00.000Z');
  /** Pauses that were asked for, in milliseconds: none is waited for. */
  pauses: number[] = [];
  answer: boolean | null = null;
  questions: string[] = [];
  /** No network unless a test gives one. */
  fetch: typeof fetch = () => Promise.reject(new Error('a test without network asked for it'));

  readonly machine: Machine = {
    now: () => this.now,
    fetch: (...given) => this.fetch(...given),
    pause: (milliseconds) => {
      this.pauses.push(milliseconds);
      return Promise.resolve();
    },
    uuid: () => randomUUID(),
    random: () => 0,
  };

  private readonly terminal: Terminal = {
    out: (text) => {
      this.out += `${text}\n`;
    },
    err: (text) => {
      this.err += `${text}\n`;
    },
    confirm: (question) => {
      this.questions.push(question);
      return Promise.resolve(this.answer);
    },
  };

  async cms(...args: string[]): Promise<number> {
    this.out = '';
    this.err = '';
    return runCms(['--folder', this.folder, ...args], { machine: this.machine, terminal: this.terminal });
  }

  /** @returns what the command printed for machines */
  async json<T>(...args: string[]): Promise<T> {
    await this.cms(...args, '--json');
    return JSON.parse(this.out) as T;
  }

  /** Another temporary folder, which goes with the SmartServer's. */
  besides(name: string): string {
    const folder = mkdtempSync(join(tmpdir(), `smartserver-test-${name}-`));
    this.others.push(folder);
    return folder;
  }

  remove(): void {
    for (const folder of [this.folder, ...this.others]) rmSync(folder, { recursive: true, force: true });
  }
}

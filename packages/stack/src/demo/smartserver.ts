import { execFile, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { say } from './say.ts';

const CLI = resolve(import.meta.dirname, '../../../cms/dist/main.js');

/** Whether this machine lets a process be run without any network. */
export const canCutNetwork = spawnSync('unshare', ['-n', 'true']).status === 0;

/** A SmartServer with a fresh install code, driven by the CMS command line only. */
export class SmartServer {
  readonly installCode = `0302${randomBytes(6).toString('hex').toUpperCase()}`;
  private readonly folder = mkdtempSync(join(tmpdir(), 'smartserver-'));
  private readonly program: string[];

  /** @param options `network` false: its commands run without any network, where this machine can cut it */
  constructor({ network }: { network: boolean } = { network: true }) {
    this.program = network || !canCutNetwork ? [process.execPath] : ['unshare', '-n', process.execPath];
  }

  /** Runs one command of the CMS and shows what the Owner sees. */
  async cms(...args: string[]): Promise<void> {
    say.command(`npm run cms -- ${args.map((arg) => (/\s/.test(arg) ? `"${arg}"` : arg)).join(' ')}`);
    say.output(await this.run(args));
  }

  /** Until the cloud has these licenses for this SmartServer: a transfer may take a moment to arrive. */
  async waitForAvailable(licenseIds: readonly string[]): Promise<void> {
    for (let attempt = 0; attempt < 50; attempt += 1) {
      const answer = JSON.parse(await this.run(['available', '--json'])) as { items: { licenseId: string }[] };
      const available = new Set(answer.items.map((item) => item.licenseId));
      if (licenseIds.every((id) => available.has(id))) return;
      await sleep(100);
    }
    throw new Error(`The cloud does not list ${licenseIds.length} licenses for this SmartServer after 5 s.`);
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  private run(args: string[]): Promise<string> {
    const [program = '', ...before] = this.program;
    return new Promise((resolve, reject) => {
      execFile(program, [...before, CLI, ...args, '--folder', this.folder], (error, stdout, stderr) => {
        if (error) reject(new Error(`cms ${args[0]} failed:\n${stdout}${stderr}`));
        else resolve(stdout);
      });
    });
  }
}

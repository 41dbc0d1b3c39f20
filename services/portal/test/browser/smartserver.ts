import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const CLI = resolve(import.meta.dirname, '../../../../packages/cms/dist/main.js');

/** A network namespace of its own, in which nothing can be reached; as another user, where root's is needed for it. */
const CUT = [['unshare', '-n'], ['unshare', '-rn'], []].find(
  ([program, ...args]) => program === undefined || spawnSync(program, [...args, 'true']).status === 0,
) as string[];

/** A SmartServer that never sees the network: the CMS command line, with the network cut. */
export class OfflineSmartServer {
  readonly installCode: string;
  readonly folder = mkdtempSync(join(tmpdir(), 'portal-smartserver-'));

  constructor(installCode: string, rootPublicKey: string) {
    this.installCode = installCode;
    const rootKey = join(this.folder, 'root.pem');
    writeFileSync(rootKey, rootPublicKey);
    this.cms('init', '--install-code', installCode, '--root-key', rootKey, '--segment-name', 'Heizzentrale Süd');
  }

  /** Runs a command of the CMS. @returns what it answers to machines */
  cms(...args: string[]): Record<string, unknown> {
    const [program = '', ...rest] = [...CUT, process.execPath, CLI, ...args, '--folder', this.box, '--json'];
    const { status, stdout, stderr } = spawnSync(program, rest, { encoding: 'utf8' });
    if (status !== 0) throw new Error(`cms ${args[0]} failed: ${stdout}${stderr}`);
    return JSON.parse(stdout) as Record<string, unknown>;
  }

  file(name: string): string {
    return join(this.folder, name);
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  private get box(): string {
    return join(this.folder, 'box');
  }
}

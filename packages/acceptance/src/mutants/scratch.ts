import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { type Mutant, mutate } from './mutant.ts';

const LEFT_OUT = new Set(['node_modules', '.git', '.data']);

/** A copy of the project in which code may be broken. Installed packages are shared with the original. */
export class Scratch {
  readonly folder = mkdtempSync(join(tmpdir(), 'mutants-'));

  constructor(root: string) {
    cpSync(root, this.folder, {
      recursive: true,
      verbatimSymlinks: true,
      // The workspace's own links are part of the copy: they must lead into it, not back to the original.
      filter: (path) =>
        path === root || !LEFT_OUT.has(basename(path)) || /(packages|services)\/[^/]+\/node_modules$/.test(path),
    });
    symlinkSync(join(root, 'node_modules'), join(this.folder, 'node_modules'));
  }

  /** Runs the test on the mutated code. @returns whether it turned red */
  kills(mutant: Mutant): boolean {
    const file = join(this.folder, mutant.file);
    const original = readFileSync(file, 'utf8');
    writeFileSync(file, mutate(original, mutant));
    try {
      // A mutant that does not compile would prove nothing.
      if (mutant.file.endsWith('.ts')) this.node('node_modules/typescript/bin/tsc', ['-b'], true);
      const names = mutant.testName ? ['--testNamePattern', mutant.testName] : [];
      return this.node('node_modules/jest/bin/jest.js', ['--ci', mutant.test, ...names], false) !== 0;
    } finally {
      writeFileSync(file, original);
    }
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  private node(program: string, args: string[], mustSucceed: boolean): number {
    const result = spawnSync(process.execPath, [program, ...args], {
      cwd: this.folder,
      encoding: 'utf8',
      timeout: 900_000,
    });
    if (mustSucceed && result.status !== 0) throw new Error(`${program} failed:\n${result.stdout}${result.stderr}`);
    if (/No tests found|Tests:\s+\d+ skipped, \d+ total/.test(result.stdout + result.stderr))
      throw new Error(`No test ran: ${args.join(' ')}`);
    return result.status ?? 1;
  }
}

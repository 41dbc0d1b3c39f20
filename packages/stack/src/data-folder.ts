import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DatabaseName } from './databases.ts';
import { type LicenseKeySet, newLicenseKeySet, newSecret, newSecretKey } from './secrets.ts';

/** A start that cannot go on, said in one line that a person can act on. */
export class StartError extends Error {}

/** Secrets of a development system, made once and kept with its data. */
export type StackSecrets = {
  postgresPassword: string;
  databasePasswords: Record<DatabaseName | 'queue', string>;
  accountSecretKey: string;
  mailSealKey: string;
  webhookSealKey: string;
  licenseKeys: LicenseKeySet;
};

export const newStackSecrets = (now: Date): StackSecrets => ({
  postgresPassword: newSecret(),
  databasePasswords: {
    account: newSecret(),
    license: newSecret(),
    activation: newSecret(),
    notification: newSecret(),
    queue: newSecret(),
  },
  accountSecretKey: newSecretKey(),
  mailSealKey: newSecretKey(),
  webhookSealKey: newSecretKey(),
  licenseKeys: newLicenseKeySet(now),
});

const explain = (error: NodeJS.ErrnoException, folder: string): StartError => {
  const reasons: Record<string, string> = {
    ENOSPC: 'the disk is full',
    EROFS: 'the file system is read-only',
    // What a recursive mkdir says on a read-only file system.
    ENOENT: 'the folder cannot be made there, is the file system read-only?',
    EACCES: 'this user may not write there',
    EPERM: 'this user may not write there',
  };
  return new StartError(`Cannot write to ${folder}: ${reasons[error.code ?? ''] ?? error.message}.`, { cause: error });
};

/** The one folder that holds all data of a development system; git ignores it. */
export class DataFolder {
  readonly path: string;

  constructor(path: string) {
    this.path = path;
  }

  /** Makes the folder, and shows that it can be written to before anything is started. */
  prepare(): void {
    const probe = join(this.path, `.probe-${randomUUID()}`);
    try {
      mkdirSync(this.path, { recursive: true });
      writeFileSync(probe, Buffer.alloc(64 * 1024));
      rmSync(probe);
    } catch (error) {
      rmSync(probe, { force: true });
      throw explain(error as NodeJS.ErrnoException, this.path);
    }
  }

  remove(): void {
    rmSync(this.path, { recursive: true, force: true });
  }

  file(name: string): string {
    return join(this.path, name);
  }

  read<T>(name: string): T | null {
    const file = this.file(name);
    return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as T) : null;
  }

  /** Whole or not at all, and readable by its owner only: these files hold secrets. */
  write(name: string, content: unknown): void {
    const file = this.file(name);
    try {
      writeFileSync(`${file}.new`, JSON.stringify(content, null, 2), { mode: 0o600 });
      renameSync(`${file}.new`, file);
    } catch (error) {
      throw explain(error as NodeJS.ErrnoException, this.path);
    }
  }

  /** Does what a folder of an earlier version needs, once. @param name what it is, for as long as there are such folders */
  async once(name: string, work: () => Promise<unknown>): Promise<void> {
    const done = this.read<string[]>('done.json') ?? [];
    if (done.includes(name)) return;
    await work();
    this.write('done.json', [...done, name]);
  }

  /** Made where there are none. A folder of an earlier version gets what it does not have yet; what it has is kept. */
  secrets(): StackSecrets {
    const kept = this.read<Partial<StackSecrets>>('secrets.json');
    const secrets = { ...newStackSecrets(new Date()), ...kept };
    const isComplete = kept !== null && Object.keys(secrets).every((name) => name in kept);
    if (!isComplete) this.write('secrets.json', secrets);
    return secrets;
  }
}

import { createHash } from 'node:crypto';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { readTextFile, writeFileAtomically } from './files.ts';

/** A request that changes something, with the serial of the license document it was decided on. */
export type ChangeRequest = { path: string; body: object; serial: number };

/**
 * Idempotency keys of requests that were not answered yet. A key is kept in a file before its request is sent: when the power
 * fails or the answer is lost, the same request comes again under the same key, and the cloud gives the first answer again
 * instead of doing it twice. The serial is part of it, so that a key never outlives the state it was meant for.
 */
export class RequestKeys {
  private readonly folder: string;

  constructor(folder: string) {
    this.folder = join(folder, 'unanswered-requests');
  }

  /** @param newKey used unless the same request is waiting for its answer already */
  async keyFor(request: ChangeRequest, newKey: string): Promise<string> {
    const kept = await readTextFile(this.fileOf(request), 1_024);
    if (kept !== null && kept.trim() !== '') return kept.trim();
    await this.dropOutdated(request.serial);
    await writeFileAtomically(this.fileOf(request), `${newKey}\n`);
    return newKey;
  }

  async answered(request: ChangeRequest): Promise<void> {
    await rm(this.fileOf(request), { force: true });
  }

  private fileOf({ path, body, serial }: ChangeRequest): string {
    const hash = createHash('sha256')
      .update(`${path}\n${JSON.stringify(body)}`)
      .digest('hex')
      .slice(0, 32);
    return join(this.folder, `${serial}-${hash}.key`);
  }

  private async dropOutdated(serial: number): Promise<void> {
    const files = await readdir(this.folder).catch(() => [] as string[]);
    for (const file of files) if (!file.startsWith(`${serial}-`)) await rm(join(this.folder, file), { force: true });
  }
}

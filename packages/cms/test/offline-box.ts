import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { exportPublicKey, type LicenseDocument } from '@smartserver/license-document';
import { Bench } from './bench.ts';
import { installCode, type Vendor } from './documents.ts';

export type Refusal = { problem: { code: string; title: string; detail: string; advice: string; items: string[] } };

/** A SmartServer that never sees the network, with the vendor's root key in its firmware. */
export class OfflineBox extends Bench {
  readonly vendor: Vendor;
  /** Where people put files that come and go: a memory stick. */
  readonly stick: string;
  private files = 0;

  constructor(vendor: Vendor) {
    super();
    this.vendor = vendor;
    this.stick = this.besides('stick');
    writeFileSync(join(this.stick, 'root.pem'), exportPublicKey(vendor.rootPublicKey));
  }

  init(...more: string[]): Promise<number> {
    const rootKey = ['--root-key', join(this.stick, 'root.pem')];
    return this.cms('init', '--install-code', installCode, '--segment-name', 'Building 1', ...rootKey, ...more);
  }

  /** Puts a file on the stick. @returns its path */
  put(content: string | Buffer): string {
    this.files += 1;
    const path = join(this.stick, `file-${this.files}.lic`);
    writeFileSync(path, content);
    return path;
  }

  /** Adds a genuine license file. @returns the exit code */
  add(change: Partial<LicenseDocument>): Promise<number> {
    return this.cms('add', this.put(this.vendor.file(change)));
  }

  /** @returns the code of the problem, or null when there was none */
  async refusal(...args: string[]): Promise<string | null> {
    return (await this.json<Partial<Refusal>>(...args)).problem?.code ?? null;
  }

  /** License IDs that can be used here, as the command line lists them. */
  async held(): Promise<string[]> {
    const { items } = await this.json<{ items: { licenseId: string }[] }>('licenses');
    return items.map(({ licenseId }) => licenseId);
  }

  /** Every file of the SmartServer with its bytes, mode and name. */
  snapshot(): string[] {
    return filesBelow(this.folder).map((path) => {
      return `${path} ${statSync(path).mode.toString(8)} ${readFileSync(path).toString('base64')}`;
    });
  }
}

const filesBelow = (folder: string): string[] => {
  const entries = readdirSync(folder, { withFileTypes: true });
  return entries
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      return entry.isDirectory() ? filesBelow(path) : [path];
    })
    .sort();
};

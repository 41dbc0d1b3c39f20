import type { KeyObject } from 'node:crypto';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { DocumentError, type VerifiedDocument, verifyDocument } from '@smartserver/license-document';
import { refusedDocument } from '../problem.ts';
import { readTextFile, writeFileAtomically } from './files.ts';

/** What a document must belong to. */
export type Trust = { rootPublicKey: KeyObject; installCode: string };

const fileName = /^(\d{16})\.jws$/;

/**
 * The license store: the newest verified license document. Each document is a file named by its serial and the highest one
 * counts, so that two programs that store at once cannot put a lower serial over a higher one.
 */
export class DocumentStore {
  private readonly folder: string;

  constructor(folder: string) {
    this.folder = join(folder, 'license-documents');
  }

  /** Serial of the stored document; null when there is none. It counts even when the file is damaged: no way back. */
  async serial(): Promise<number | null> {
    const serials = await this.serials();
    return serials.length === 0 ? null : Math.max(...serials);
  }

  /**
   * The stored document, verified anew: nothing but the root key is trusted, not even what lies here.
   * @returns null when nothing was ever stored
   * @throws CmsProblem `document_…`
   */
  async read(trust: Trust): Promise<VerifiedDocument | null> {
    const serial = await this.serial();
    if (serial === null) return null;
    const jws = (await readTextFile(this.fileOf(serial))) ?? '';
    return verified(jws.trimEnd(), { ...trust, minimumSerial: serial });
  }

  /**
   * Verifies a document and stores it. One that is not genuine, for another controller or of a lower serial is refused, and the
   * store stays as it was.
   * @throws CmsProblem `document_…`
   */
  async accept(jws: string, trust: Trust): Promise<VerifiedDocument> {
    const serial = await this.serial();
    const result = verified(jws, serial === null ? trust : { ...trust, minimumSerial: serial });
    const stored = result.document.serial;
    await writeFileAtomically(this.fileOf(stored), `${jws}\n`);
    for (const older of await this.serials()) {
      if (older < stored) await rm(this.fileOf(older), { force: true });
    }
    return result;
  }

  private fileOf(serial: number): string {
    return join(this.folder, `${String(serial).padStart(16, '0')}.jws`);
  }

  private async serials(): Promise<number[]> {
    const files = await readdir(this.folder).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return [];
      throw error;
    });
    return files.flatMap((file) => {
      const digits = fileName.exec(file)?.[1];
      return digits === undefined ? [] : [Number(digits)];
    });
  }
}

function verified(jws: string, options: Trust & { minimumSerial?: number }): VerifiedDocument {
  try {
    return verifyDocument(jws, options);
  } catch (error) {
    if (error instanceof DocumentError) throw refusedDocument(error);
    throw error;
  }
}

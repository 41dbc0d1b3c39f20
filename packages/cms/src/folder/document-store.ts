import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import {
  DocumentError,
  type LicenseDocument,
  maxDocumentLength,
  type VerifiedDocument,
  verifyDocument,
} from '@smartserver/license-document';
import { type CmsProblem, refusedDocument } from '../problem.ts';
import { type Evidence, evidenceOf, type StoredText, stillNeeded, type Trust } from './evidence.ts';
import { namesIn, readTextFile, writeFileAtomically } from './files.ts';

export type { Trust } from './evidence.ts';

/** The document in use, and the newest time of issue that was ever seen: that of this one, or of an older one. */
export type StoredDocument = VerifiedDocument & { newestIssuedAt: Date };

/** `isNew` false: this very document was stored before, and nothing was written. */
export type AcceptedDocument = StoredDocument & { isNew: boolean };

/** How a document is to be taken: which serials must not be used here any more, and how a refusal is told. */
export type Terms = {
  /** Throws for such a serial. Not asked when the document takes the place of the one in use, which is damaged. */
  check?: (serial: number) => void;
  refused?: (error: DocumentError) => CmsProblem;
};

const fileName = /^(\d{16})\.jws$/;

/**
 * The license documents: the newest one counts. Each is a file named by its serial and the highest one counts, so that two
 * programs that store at once cannot put a lower serial over a higher one. Older ones stay only while they are needed to know
 * which keys are revoked and how late it is at least.
 */
export class DocumentStore {
  private readonly folder: string;

  constructor(folder: string) {
    this.folder = join(folder, 'license-documents');
  }

  /** Serial of the newest document; null when there is none. It counts even when the file is damaged: no way back. */
  async serial(): Promise<number | null> {
    return (await this.serials())[0] ?? null;
  }

  /**
   * The newest document, verified anew: nothing but the root key is trusted, not even what lies here.
   * @returns null when nothing was ever stored
   * @throws CmsProblem `document_…`
   */
  async read(trust: Trust): Promise<StoredDocument | null> {
    const [newest, ...older] = await this.texts();
    if (!newest) return null;
    const evidence = evidenceOf([newest, ...older], trust);
    const { revocations } = evidence;
    const result = verified(newest.jws, { ...trust, minimumSerial: newest.serial, revocations }, refusedDocument);
    return withTime(result, evidence);
  }

  /**
   * Verifies a document and stores it. One that is not genuine, for another controller or superseded is refused, and the store
   * stays as it was, byte for byte.
   * @throws CmsProblem `document_…`, unless the terms tell refusals otherwise
   */
  async accept(
    jws: string,
    trust: Trust,
    { check = () => undefined, refused = refusedDocument }: Terms = {},
  ): Promise<AcceptedDocument> {
    const before = await this.texts();
    const [newest] = before;
    const evidence = evidenceOf(before, trust);
    const result = verified(jws, { ...trust, revocations: evidence.revocations }, refused, ({ document }) => {
      const inUse = newest && evidenceOf([newest], trust).newestIssuedAt;
      if (newest) requireNewer(document, { serial: newest.serial, issuedAt: inUse });
      if (inUse !== null || document.serial !== newest?.serial) check(document.serial);
    });
    const { serial } = result.document;
    if (newest?.serial === serial && newest.jws === jws) return { ...withTime(result, evidence), isNew: false };
    await writeFileAtomically(this.fileOf(serial), `${jws}\n`);
    const older = before.filter((text) => text.serial < serial);
    const needed = stillNeeded(jws, older, trust);
    for (const text of older) if (!needed.has(text.serial)) await rm(this.fileOf(text.serial), { force: true });
    return { ...withTime(result, evidence), isNew: true };
  }

  private fileOf(serial: number): string {
    return join(this.folder, `${String(serial).padStart(16, '0')}.jws`);
  }

  /** All documents, the newest first. When another program has replaced the newest meanwhile, they are listed again. */
  private async texts(): Promise<StoredText[]> {
    for (let attempt = 1; ; attempt += 1) {
      const serials = await this.serials();
      const texts = await Promise.all(
        serials.map((serial) => readTextFile(this.fileOf(serial), maxDocumentLength + 2)),
      );
      if (texts[0] === null && attempt < 5) continue;
      return serials.map((serial, index) => ({ serial, jws: (texts[index] ?? '').trimEnd() }));
    }
  }

  /** The highest first. */
  private async serials(): Promise<number[]> {
    const serials = (await namesIn(this.folder)).flatMap((name) => {
      const digits = fileName.exec(name)?.[1];
      return digits === undefined ? [] : [Number(digits)];
    });
    return serials.sort((a, b) => b - a);
  }
}

/**
 * Two documents of one serial differ when the cloud has signed one again, with a newer key: the one issued later counts.
 * @param stored `issuedAt` null when it is damaged
 */
function requireNewer(document: LicenseDocument, stored: { serial: number; issuedAt: Date | null | undefined }): void {
  if (document.serial > stored.serial) return;
  const storedIssue = stored.issuedAt?.getTime() ?? 0;
  if (document.serial === stored.serial && Date.parse(document.issuedAt) >= storedIssue) return;
  const message = `License document ${stored.serial}, which is on this SmartServer already, is newer.`;
  throw new DocumentError('superseded', message);
}

function withTime(result: VerifiedDocument, { newestIssuedAt }: Evidence): StoredDocument {
  const issuedAt = Date.parse(result.document.issuedAt);
  return { ...result, newestIssuedAt: new Date(Math.max(issuedAt, newestIssuedAt?.getTime() ?? issuedAt)) };
}

function verified(
  jws: string,
  options: Trust & { minimumSerial?: number; revocations: string | null },
  refused: (error: DocumentError) => CmsProblem,
  check: (result: VerifiedDocument) => void = () => undefined,
): VerifiedDocument {
  try {
    const result = verifyDocument(jws, options);
    check(result);
    return result;
  } catch (error) {
    if (error instanceof DocumentError) throw refused(error);
    throw error;
  }
}

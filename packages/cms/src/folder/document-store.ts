import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { DocumentError, maxDocumentLength, type VerifiedDocument, verifyDocument } from '@smartserver/license-document';
import { type CmsProblem, refusedDocument } from '../problem.ts';
import {
  type Counting,
  carriedRevocations,
  counting,
  type Evidence,
  evidenceOf,
  type StoredText,
  stillNeeded,
  type Trust,
} from './evidence.ts';
import { namesIn, readTextFile, writeFileAtomically } from './files.ts';

export type { Trust } from './evidence.ts';

/** The document in use, and the newest time of issue that was ever seen: that of this one, or of an older one. */
export type StoredDocument = VerifiedDocument & { newestIssuedAt: Date };

/** `isNew` false: this very document was stored before, and nothing was written. */
export type AcceptedDocument = VerifiedDocument & { isNew: boolean };

/** How a document is to be taken: which serials must not be used here any more, and how a refusal is reported. */
export type Terms = {
  /** Throws for such a serial. Not asked when the document takes the place of the one in use, which is damaged. */
  check?: (serial: number) => void;
  refused?: (error: DocumentError) => CmsProblem;
};

const fileName = /^(\d{16})\.jws$/;

/**
 * The license documents: the newest one counts. Each is a file named by its serial and the highest one counts, so that two
 * programs that store at once cannot put a lower serial over a higher one. Older ones stay only while they are needed to know
 * which keys are revoked and how late it is at least. One of a revoked key does not count, however high its serial.
 */
export class DocumentStore {
  private readonly folder: string;

  constructor(folder: string) {
    this.folder = join(folder, 'license-documents');
  }

  /**
   * Serial of the document in use, and the newest statement of revoked keys; null when nothing was ever stored. The serial counts
   * even when the file is damaged: no way back.
   */
  async inUse(trust: Trust): Promise<{ serial: number; revocations: string | null } | null> {
    const texts = await this.texts();
    const evidence = evidenceOf(texts, trust);
    const [inUse] = counting(texts, trust, evidence);
    return inUse ? { serial: inUse.serial, revocations: evidence.revocations } : null;
  }

  /**
   * The document in use, verified again: nothing but the root key is trusted, not even what lies here.
   * @returns null when nothing was ever stored
   * @throws CmsProblem `document_…`
   */
  async read(trust: Trust): Promise<StoredDocument | null> {
    const texts = await this.texts();
    const evidence = evidenceOf(texts, trust);
    const [inUse] = counting(texts, trust, evidence);
    if (!inUse) return null;
    const { revocations } = evidence;
    const result = verified(inUse.jws, { ...trust, minimumSerial: inUse.serial, revocations }, refusedDocument);
    return withTime(result, evidence);
  }

  /**
   * Verifies a document and stores it. One that is not genuine, for another controller or superseded is refused, and the store
   * stays as it was, byte for byte.
   * @throws CmsProblem `document_…`, unless the terms report refusals otherwise
   */
  async accept(
    jws: string,
    trust: Trust,
    { check = () => undefined, refused = refusedDocument }: Terms = {},
  ): Promise<AcceptedDocument> {
    const before = await this.texts();
    const evidence = evidenceOf(before, trust);
    const [inUse] = counting(before, trust, evidence);
    const options = { ...trust, revocations: evidence.revocations, ...newerThan(inUse) };
    const result = verified(jws, options, refused, ({ document }) => {
      if (inUse?.serial !== document.serial) return check(document.serial);
      if (!inUse.verified) return;
      requireNotEarlier(document.issuedAt, inUse.verified, carriedRevocations(jws, trust)?.revokedKeyIds ?? []);
      check(document.serial);
    });
    const { serial } = result.document;
    if (inUse?.serial === serial && inUse.jws === jws) return { ...result, isNew: false };
    await writeFileAtomically(this.fileOf(serial), `${jws}\n`);
    await this.dropOthers({ serial, jws }, before, trust);
    return { ...result, isNew: true };
  }

  /** Removes what counts no more, and proves nothing that the newest does not. */
  private async dropOthers(newest: StoredText, before: readonly StoredText[], trust: Trust): Promise<void> {
    const others = before.filter((text) => text.serial !== newest.serial);
    const evidence = evidenceOf([newest, ...others], trust);
    const inForce = new Set(counting(others, trust, evidence).map(({ serial }) => serial));
    const older = others.filter(({ serial }) => serial < newest.serial);
    const needed = stillNeeded(newest.jws, older, trust);
    for (const { serial } of others) {
      const isKept = inForce.has(serial) && (serial > newest.serial || needed.has(serial));
      if (!isKept) await rm(this.fileOf(serial), { force: true });
    }
  }

  private fileOf(serial: number): string {
    return join(this.folder, `${String(serial).padStart(16, '0')}.jws`);
  }

  /** All documents, the highest serial first. When another program has replaced it meanwhile, they are listed again. */
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

/** What a document has to exceed; of a damaged one only the serial is known. */
const newerThan = (inUse: Counting | undefined) =>
  inUse ? { minimumSerial: inUse.serial, minimumSerialKeyId: inUse.verified?.kid } : {};

/**
 * Two documents of one serial differ when the cloud has signed one again, with a newer key: the one issued later counts, and
 * one that revokes the key of the other.
 */
const requireNotEarlier = (issuedAt: string, inUse: VerifiedDocument, revokedKeyIds: readonly string[]): void => {
  const isEarlier = Date.parse(issuedAt) < Date.parse(inUse.document.issuedAt);
  if (!isEarlier || revokedKeyIds.includes(inUse.kid)) return;
  throw new DocumentError('superseded', 'A newer document of this serial is on this SmartServer already.');
};

const withTime = (result: VerifiedDocument, { newestIssuedAt }: Evidence): StoredDocument => {
  const issuedAt = Date.parse(result.document.issuedAt);
  return { ...result, newestIssuedAt: new Date(Math.max(issuedAt, newestIssuedAt?.getTime() ?? issuedAt)) };
};

const verified = (
  jws: string,
  options: Trust & { minimumSerial?: number; minimumSerialKeyId?: string | undefined; revocations: string | null },
  refused: (error: DocumentError) => CmsProblem,
  check: (result: VerifiedDocument) => void = () => undefined,
): VerifiedDocument => {
  try {
    const result = verifyDocument(jws, options);
    check(result);
    return result;
  } catch (error) {
    if (error instanceof DocumentError) throw refused(error);
    throw error;
  }
};

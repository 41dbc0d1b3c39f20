import { join } from 'node:path';
import {
  type DocumentLicense,
  FileError,
  type LicenseDocument,
  maxReturnReceiptLength,
  verifyReturnReceipt,
} from '@smartserver/license-document';
import { CmsProblem } from '../problem.ts';
import { namesIn, readTextFile, writeFileAtomically } from './files.ts';

/** A license that was removed, with the activation that had put it here: the same license may come back by a later one. */
type ReturnedLicense = Pick<DocumentLicense, 'licenseId' | 'activatedAt'>;

/**
 * Licenses that were returned without network. `receipt`: the `.ret` file that frees them in the cloud. `serial`: of this
 * SmartServer since then; no document of this serial or a lower one is taken any more.
 */
export type OfflineReturn = { serial: number; returnedAt: string; licenses: ReturnedLicense[]; receipt: string };

type Stored = Pick<OfflineReturn, 'licenses' | 'receipt'>;

const fileName = /^(\d{16})-[0-9a-f-]{1,128}\.json$/;
// A receipt, and at most 500 licenses.
const atMostBytes = 2 * maxReturnReceiptLength;

/**
 * Records of what was returned without network. One file each, written whole before there is a receipt outside: that file is the
 * removal, the limit that keeps the old license file out, and the receipt to be made again. They are never deleted: a license
 * that the cloud did not know to be returned could come back with a later document.
 */
export class OfflineReturns {
  private readonly folder: string;

  constructor(folder: string) {
    this.folder = join(folder, 'offline-returns');
  }

  /** Serial of the last return; null when there was none. It counts even when the record is damaged: no way back. */
  async serial(): Promise<number | null> {
    const serials = (await namesIn(this.folder)).flatMap((name) => fileName.exec(name)?.[1] ?? []).map(Number);
    return serials.length === 0 ? null : Math.max(...serials);
  }

  /** The oldest first. @throws CmsProblem return_record_damaged: what it had removed must not come back by its loss */
  async all(installCode: string): Promise<OfflineReturn[]> {
    const names = (await namesIn(this.folder)).filter((name) => fileName.test(name));
    return Promise.all(
      names.map(async (name) => {
        const text = await readTextFile(join(this.folder, name), atMostBytes);
        return readRecord(text ?? '', { installCode, serial: Number(fileName.exec(name)?.[1]) });
      }),
    );
  }

  /** @param nonce of the receipt: two programs that return at once write two records */
  async add(record: Pick<OfflineReturn, 'serial' | 'licenses' | 'receipt'>, nonce: string): Promise<void> {
    const { serial, licenses, receipt } = record;
    const name = `${String(serial).padStart(16, '0')}-${nonce}.json`;
    const stored: Stored = { licenses, receipt };
    await writeFileAtomically(join(this.folder, name), `${JSON.stringify(stored, null, 2)}\n`);
  }
}

/**
 * What is left of a document after the returns: without each license that was returned, as long as the document shows the
 * activation that was returned, or is no newer than the return. The cloud can have issued it before it saw the receipt.
 */
export function remaining(document: LicenseDocument, returns: readonly OfflineReturn[]): DocumentLicense[] {
  return document.licenses.filter((license) => !returns.some((returned) => isGone(license, document.serial, returned)));
}

/**
 * What can be returned: all that the document lists, less what has a receipt that still counts. One from before the document does
 * not: the cloud has issued it without knowing of the return, and then wants a receipt of a higher serial, which says that this
 * document is not used for it either.
 */
export function returnable(document: LicenseDocument, returns: readonly OfflineReturn[]): DocumentLicense[] {
  const recent = returns.filter(({ serial }) => serial >= document.serial);
  return remaining(document, recent);
}

/** Whether the cloud's newest document shows that it knows of the return. */
export function isAnswered({ serial, licenses }: OfflineReturn, document: LicenseDocument): boolean {
  if (document.serial <= serial) return false;
  return !document.licenses.some((license) => licenses.some((returned) => isSameActivation(license, returned)));
}

function isGone(license: DocumentLicense, documentSerial: number, { serial, licenses }: OfflineReturn): boolean {
  const returned = licenses.find(({ licenseId }) => licenseId === license.licenseId);
  return returned !== undefined && (documentSerial <= serial || isSameActivation(license, returned));
}

/** One activation, or an earlier one: instants, not spellings, are compared. */
function isSameActivation(license: DocumentLicense, returned: ReturnedLicense): boolean {
  return (
    license.licenseId === returned.licenseId && Date.parse(license.activatedAt) <= Date.parse(returned.activatedAt)
  );
}

function readRecord(text: string, expected: { installCode: string; serial: number }): OfflineReturn {
  try {
    const { licenses, receipt } = JSON.parse(text) as Stored;
    const { installCode, serial, licenseIds, createdAt } = verifyReturnReceipt(receipt);
    const ids = licenses.map(({ licenseId }) => licenseId);
    const agrees =
      installCode === expected.installCode &&
      serial === expected.serial &&
      ids.join() === licenseIds.join() &&
      licenses.every(({ activatedAt }) => !Number.isNaN(Date.parse(activatedAt)));
    if (!agrees) throw damaged();
    return { serial, returnedAt: createdAt.toISOString(), licenses, receipt };
  } catch (error) {
    if (error instanceof FileError || error instanceof SyntaxError || error instanceof TypeError) throw damaged();
    throw error;
  }
}

const damaged = () =>
  new CmsProblem({
    code: 'return_record_damaged',
    title: 'A record of licenses that were returned offline cannot be read',
    detail: 'A file in offline-returns is damaged, so it is not known which licenses are still on this SmartServer.',
    advice: 'Restore the file, or contact EnOcean Customer Success.',
  });

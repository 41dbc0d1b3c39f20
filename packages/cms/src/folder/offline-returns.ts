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
 * SmartServer since then. `limit`: no document of this serial or a lower one is taken any more. That is the serial, unless the
 * key that signed the document in use then, `signedBy`, was revoked: who stole it can have set a serial out of all reach.
 */
export type OfflineReturn = {
  serial: number;
  limit: number;
  returnedAt: string;
  licenses: ReturnedLicense[];
  signedBy: string;
  receipt: string;
};

type Stored = Pick<OfflineReturn, 'licenses' | 'signedBy' | 'receipt'>;
type Belonging = { installCode: string; revokedKeyIds: readonly string[] };

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

  /** Whether there ever was one. */
  async exist(): Promise<boolean> {
    return (await this.names()).length > 0;
  }

  /** The highest limit; 0 when there was no return. A record that is damaged counts by its name: no way back. */
  async limit(belonging: Belonging): Promise<number> {
    const records = (await this.names()).map(async (name) => {
      const record = await this.read(name, belonging);
      return record instanceof CmsProblem ? serialOf(name) : record.limit;
    });
    return Math.max(0, ...(await Promise.all(records)));
  }

  /** The oldest first. @throws CmsProblem return_record_damaged: what it had removed must not come back by its loss */
  async all(belonging: Belonging): Promise<OfflineReturn[]> {
    const records = await Promise.all((await this.names()).map((name) => this.read(name, belonging)));
    return records.map((record) => {
      if (record instanceof CmsProblem) throw record;
      return record;
    });
  }

  /** @param nonce of the receipt: two programs that return at once write two records */
  async add({ serial, licenses, signedBy, receipt }: Stored & { serial: number }, nonce: string): Promise<void> {
    const name = `${String(serial).padStart(16, '0')}-${nonce}.json`;
    const stored: Stored = { licenses, signedBy, receipt };
    await writeFileAtomically(join(this.folder, name), `${JSON.stringify(stored, null, 2)}\n`);
  }

  private async names(): Promise<string[]> {
    return (await namesIn(this.folder)).filter((name) => fileName.test(name));
  }

  private async read(name: string, belonging: Belonging): Promise<OfflineReturn | CmsProblem> {
    const text = await readTextFile(join(this.folder, name), atMostBytes);
    return readRecord(text ?? '', { ...belonging, serial: serialOf(name) }) ?? damaged();
  }
}

const serialOf = (name: string): number => Number(fileName.exec(name)?.[1]);

/**
 * What is left of a document after the returns: without each license that was returned, as long as the document shows the
 * activation that was returned, or is no newer than the return. The cloud can have issued it before it saw the receipt.
 */
export const remaining = (document: LicenseDocument, returns: readonly OfflineReturn[]): DocumentLicense[] =>
  document.licenses.filter((license) => !returns.some((returned) => isGone(license, document.serial, returned)));

/**
 * What can be returned: all that the document lists, less what has a receipt that still counts. One from before the document does
 * not: the cloud has issued it without knowing of the return, and then wants a receipt of a higher serial, which says that this
 * document is not used for it either.
 */
export const returnable = (document: LicenseDocument, returns: readonly OfflineReturn[]): DocumentLicense[] => {
  const recent = returns.filter(({ limit }) => limit >= document.serial);
  return remaining(document, recent);
};

/** Whether the cloud's newest document shows that it knows of the return. */
export const isAnswered = ({ limit, licenses }: OfflineReturn, document: LicenseDocument): boolean => {
  if (document.serial <= limit) return false;
  return !document.licenses.some((license) => licenses.some((returned) => isSameActivation(license, returned)));
};

const isGone = (license: DocumentLicense, documentSerial: number, { limit, licenses }: OfflineReturn): boolean => {
  const returned = licenses.find(({ licenseId }) => licenseId === license.licenseId);
  return returned !== undefined && (documentSerial <= limit || isSameActivation(license, returned));
};

/** One activation, or an earlier one: instants, not spellings, are compared. */
const isSameActivation = (license: DocumentLicense, returned: ReturnedLicense): boolean =>
  license.licenseId === returned.licenseId && Date.parse(license.activatedAt) <= Date.parse(returned.activatedAt);

/** @returns null when it is damaged */
const readRecord = (text: string, expected: Belonging & { serial: number }): OfflineReturn | null => {
  try {
    const { licenses, signedBy, receipt } = JSON.parse(text) as Stored;
    const { installCode, serial, licenseIds, createdAt } = verifyReturnReceipt(receipt);
    const ids = licenses.map(({ licenseId }) => licenseId);
    const agrees =
      installCode === expected.installCode &&
      serial === expected.serial &&
      ids.join() === licenseIds.join() &&
      typeof signedBy === 'string' &&
      licenses.every(({ activatedAt }) => !Number.isNaN(Date.parse(activatedAt)));
    if (!agrees) return null;
    const limit = expected.revokedKeyIds.includes(signedBy) ? 0 : serial;
    return { serial, limit, returnedAt: createdAt.toISOString(), licenses, signedBy, receipt };
  } catch (error) {
    if (error instanceof FileError || error instanceof SyntaxError || error instanceof TypeError) return null;
    throw error;
  }
};

const damaged = () =>
  new CmsProblem({
    code: 'return_record_damaged',
    title: 'A record of licenses that were returned offline cannot be read',
    detail: 'A file in offline-returns is damaged, so it is not known which licenses are still on this SmartServer.',
    advice: 'Restore the file, or contact EnOcean Customer Success.',
  });

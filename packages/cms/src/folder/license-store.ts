import type { KeyObject } from 'node:crypto';
import { createReturnReceipt, type DocumentError, type DocumentLicense } from '@smartserver/license-document';
import { type CmsProblem, fileBeforeReturn, receiptUnanswered, refusedDocument, refusedFile } from '../problem.ts';
import { type AcceptedDocument, DocumentStore, type StoredDocument, type Trust } from './document-store.ts';
import { carriedRevocations, revocationsOf } from './evidence.ts';
import { isAnswered, type OfflineReturn, OfflineReturns, remaining } from './offline-returns.ts';

/** `licenses`: what is on this SmartServer, in the document's order: the newest document, less what was returned offline. */
export type StoredLicenses = { stored: StoredDocument; licenses: DocumentLicense[]; returns: OfflineReturn[] };

type Refused = (error: DocumentError) => CmsProblem;

/** What a receipt is signed with, and says of its making. */
type ReceiptMaking = { deviceKey: KeyObject; createdAt: Date; nonce: string };

/**
 * The license store: license documents as they were signed, and what was returned without network since. Every change is one
 * file that is written whole or not at all, so that a crash at any moment leaves the state before or after it.
 */
export class LicenseStore {
  readonly documents: DocumentStore;
  readonly returns: OfflineReturns;

  constructor(folder: string) {
    this.documents = new DocumentStore(folder);
    this.returns = new OfflineReturns(folder);
  }

  /**
   * Serial of this SmartServer: of the document in use or the last offline return, whichever is higher; 0 for neither.
   */
  async serial(trust: Trust): Promise<number> {
    const inUse = await this.documents.inUse(trust);
    return Math.max(inUse?.serial ?? 0, await this.returns.limit(belonging(trust, inUse)));
  }

  /** @returns null when no document was ever stored. @throws CmsProblem `document_…`, return_record_damaged */
  async read(trust: Trust): Promise<StoredLicenses | null> {
    const stored = await this.documents.read(trust);
    const returns = await this.returns.all(belonging(trust, stored));
    return stored && { stored, licenses: remaining(stored.document, returns), returns };
  }

  /** Returns that the newest document does not know of yet. @throws as `read` */
  async unanswered(trust: Trust): Promise<OfflineReturn[]> {
    const found = await this.read(trust);
    if (found === null) return this.returns.all(belonging(trust, null));
    return found.returns.filter((returned) => !isAnswered(returned, found.stored.document));
  }

  /** Takes the document of a license file. @throws CmsProblem `file_…`; the store then stays as it was, byte for byte */
  addFile(jws: string, trust: Trust): Promise<AcceptedDocument> {
    return this.take(jws, trust, { refused: refusedFile, afterReturn: fileBeforeReturn });
  }

  /**
   * Takes a document that the cloud has given. @throws CmsProblem `document_…` or receipt_unanswered; the store then stays as it
   * was
   */
  accept(jws: string, trust: Trust): Promise<AcceptedDocument> {
    return this.take(jws, trust, { refused: refusedDocument, afterReturn: receiptUnanswered });
  }

  /**
   * Removes licenses, for good: once this is done they are gone, durably, and their license file is not taken again.
   * @returns the record of it, with the receipt
   * @throws FileError when no receipt can say it: more than 500 licenses
   */
  async remove(
    found: StoredLicenses,
    licenses: DocumentLicense[],
    trust: Trust,
    making: ReceiptMaking,
  ): Promise<OfflineReturn> {
    const { document, kid } = found.stored;
    const { installCode, customerId } = document;
    const serial = (await this.serial(trust)) + 1;
    const licenseIds = licenses.map(({ licenseId }) => licenseId);
    const receipt = createReturnReceipt({ ...making, installCode, customerId, licenseIds, serial });
    const returned = licenses.map(({ licenseId, activatedAt }) => ({ licenseId, activatedAt }));
    const record = { serial, licenses: returned, signedBy: kid, receipt };
    await this.returns.add(record, making.nonce);
    return { ...record, limit: serial, returnedAt: making.createdAt.toISOString() };
  }

  /**
   * Documents up to the serial of the last offline return may have been issued before the cloud knew of it. The receipts
   * promise that they are not used any more.
   */
  private async take(
    jws: string,
    trust: Trust,
    { refused, afterReturn }: { refused: Refused; afterReturn: (serial: number) => CmsProblem },
  ): Promise<AcceptedDocument> {
    const revokedKeyIds = carriedRevocations(jws, trust)?.revokedKeyIds ?? [];
    const limit = await this.returns.limit({ installCode: trust.installCode, revokedKeyIds });
    const check = (serial: number) => {
      if (serial <= limit) throw afterReturn(limit);
    };
    return this.documents.accept(jws, trust, { check, refused });
  }
}

/** To whom the records must belong, and which keys are known to be revoked. */
const belonging = (
  trust: Trust,
  stored: Pick<StoredDocument, 'revocations'> | null,
): { installCode: string; revokedKeyIds: string[] } => {
  const revokedKeyIds = (stored && revocationsOf(stored, trust)?.revokedKeyIds) ?? [];
  return { installCode: trust.installCode, revokedKeyIds };
};

import { writeLicenseFile } from '@smartserver/license-document';
import { sql } from 'kysely';
import type { ActivationTransaction } from '../db.ts';
import type { DocumentSigner } from '../documents/document-signer.ts';
import { readDocumentFacts } from '../documents/document-store.ts';
import type { FileContent } from './offline-activation.ts';

/** The `.lic` file of a locked controller's document, as it is now. */
export const issueFile = async (
  trx: ActivationTransaction,
  signer: DocumentSigner,
  installCode: string,
): Promise<FileContent> => {
  const facts = await readDocumentFacts(trx, installCode, sql<boolean>`true`, signer.kid);
  if (facts === null) throw new Error('a locked controller is gone');
  const { jws, serial } = signer.sign(facts);
  return { file: writeLicenseFile({ jws }), serial, signed_by: signer.kid };
};

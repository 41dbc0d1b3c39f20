import type { KeyObject } from 'node:crypto';
import { readOwnCertificate } from './certificate.ts';
import { checkDocument, documentKind, inCanonicalOrder, type LicenseDocument, maxDocumentLength } from './document.ts';
import { DocumentError, FormatError } from './errors.ts';
import { jwsWriter } from './jws.ts';
import { keyId } from './keys.ts';
import { readOwnRevocations } from './revocation.ts';

/** Signs license documents with one key. `kid`: of that key. */
export type Signer = {
  kid: string;
  /**
   * Signs a document; the same document always gives the same bytes.
   * @returns a compact JWS, at most 1 MiB
   * @throws DocumentError `malformed`, or `certificate_expired` when `issuedAt` lies outside the certificate's validity
   */
  sign(document: LicenseDocument): string;
};

/**
 * Makes a signer. Make one per key and keep it: the header is encoded here, once.
 * @param options `signingKey`: private. `certificate`: what `issueCertificate` gave for it. `revocations`: the newest
 *   statement of revoked keys, once there is one; every document carries it.
 * @throws DocumentError `certificate_invalid` when the certificate is broken or belongs to another key,
 *   `revocations_invalid`, or `key_revoked` when the statement names this very key; KeyError
 */
export const createSigner = (options: {
  signingKey: KeyObject;
  certificate: string;
  revocations?: string | null | undefined;
}): Signer => {
  const { signingKey, certificate, revocations } = options;
  const kid = keyId(signingKey);
  const { kid: certifiedKid, rootKid, notBefore, notAfter } = readOwnCertificate(certificate);
  if (kid !== certifiedKid) {
    throw new DocumentError('certificate_invalid', 'The certificate belongs to another signing key.');
  }
  if (revocations) requireFits(revocations, { kid, rootKid });
  const header = { kid, cert: certificate, ...(revocations ? { rev: revocations } : {}) };
  const write = jwsWriter(documentKind.typ, header, signingKey);

  return {
    kid,
    sign(document) {
      // Checked before it is signed: a signed mistake would live on controllers for years.
      try {
        checkDocument(document);
      } catch (error) {
        if (!(error instanceof FormatError)) throw error;
        throw new DocumentError('malformed', error.message);
      }
      const issuedAt = Date.parse(document.issuedAt);
      if (issuedAt < notBefore.getTime() || issuedAt > notAfter.getTime()) {
        throw new DocumentError('certificate_expired', 'The signing key is not certified for this issue time.');
      }
      const jws = write(inCanonicalOrder(document));
      if (jws.length > maxDocumentLength) {
        throw new DocumentError('malformed', `The document is longer than ${maxDocumentLength} characters.`);
      }
      return jws;
    },
  };
};

const requireFits = (revocations: string, key: { kid: string; rootKid: string }): void => {
  const { rootKid, revokedKeyIds } = readOwnRevocations(revocations);
  if (rootKid !== key.rootKid) {
    throw new DocumentError('revocations_invalid', 'The statement of revoked keys belongs to another root key.');
  }
  if (revokedKeyIds.includes(key.kid)) throw new DocumentError('key_revoked', 'This signing key was revoked.');
};

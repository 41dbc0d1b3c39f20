/** Signed license documents and device proofs of the SmartServer license management. Depends on node:crypto only. */
export { type Certificate, issueCertificate, readOwnCertificate, verifyCertificate } from './certificate.ts';
export {
  type DeviceProofClaims,
  signDeviceProof,
  type VerifiedDeviceProof,
  verifyDeviceProof,
} from './device-proof.ts';
export {
  type DocumentContent,
  type DocumentLicense,
  documentOf,
  type LicenseDocument,
  type LicenseKind,
  maxDocumentLength,
} from './document.ts';
export {
  DocumentError,
  type DocumentErrorCode,
  FileError,
  type FileErrorCode,
  KeyError,
  type KeyErrorCode,
  ProofError,
  type ProofErrorCode,
} from './errors.ts';
export {
  exportPrivateKey,
  exportPublicKey,
  fingerprint,
  generateKey,
  importPrivateKey,
  importPublicKey,
  keyId,
  type PublicJwk,
  publicJwk,
} from './keys.ts';
export { maxLicenseFileLength, readLicenseFile, writeLicenseFile } from './license-file.ts';
export {
  createRequestFile,
  maxRequestFileLength,
  type RequestFile,
  type VerifiedRequestFile,
  verifyRequestFile,
} from './request-file.ts';
export {
  createReturnReceipt,
  maxReturnReceiptLength,
  type ReturnReceipt,
  type VerifiedReturnReceipt,
  verifyReturnReceipt,
} from './return-receipt.ts';
export { issueRevocation, type Revocations, readOwnRevocations, verifyRevocations } from './revocation.ts';
export { createSigner, type Signer } from './signer.ts';
export { timeAtLeast, type VerifiedDocument, type VerifyOptions, verifyDocument } from './verifier.ts';

import { publicJwk } from '../keys.ts';
import { roots } from './craft.ts';
import { deviceProofVectors, requestFileVectors, returnReceiptVectors } from './device-files.ts';
import { documentVectors } from './documents.ts';
import { document2Vectors } from './documents-2.ts';
import { licenseFileVectors } from './license-files.ts';
import { licenseFile2Vectors } from './license-files-2.ts';
import { certificateVectors, revocationVectors } from './root-statements.ts';
import type { Vector, VectorFile } from './vector.ts';

const about = (what: string, formatVersion: number) =>
  `Test vectors of format version ${formatVersion}: ${what}. FORMAT.md beside this folder says how to run them. Keys: RFC 8032, section 7.1.`;

const file = (kind: VectorFile['kind'], what: string, vectors: Vector[], formatVersion = 1): VectorFile => {
  const known = vectors.some(({ root }) => root !== undefined);
  return {
    about: about(what, formatVersion),
    kind,
    roots: known ? { root: publicJwk(roots.root), stranger: publicJwk(roots.stranger) } : {},
    vectors,
  };
};

/** Every vector file by its name. Always the same: keys and times are fixed, and Ed25519 signatures have no randomness. */
export const allVectors = (): Record<string, VectorFile> => ({
  'certificates-v1.json': file('certificate', 'certificates of signing keys', certificateVectors()),
  'device-proofs-v1.json': file('device-proof', 'proofs by which a controller opens a session', deviceProofVectors()),
  'documents-v1.json': file('document', 'license documents', documentVectors()),
  'documents-v2.json': file('document', 'license documents', document2Vectors(), 2),
  'license-files-v1.json': file('license-file', '.lic files', licenseFileVectors()),
  'license-files-v2.json': file('license-file', '.lic files', licenseFile2Vectors(), 2),
  'request-files-v1.json': file('request-file', '.req files', requestFileVectors()),
  'return-receipts-v1.json': file('return-receipt', '.ret files', returnReceiptVectors()),
  'revocations-v1.json': file('revocations', 'statements of revoked keys', revocationVectors()),
});

/** As it is kept. */
export const textOf = (vectors: VectorFile): string => `${JSON.stringify(vectors, null, 2)}\n`;

import { createPublicKey } from 'node:crypto';
import {
  createSigner,
  documentOf,
  importPublicKey,
  issueCertificate,
  type LicenseDocument,
  verifyCertificate,
  verifyDocument,
} from '../src/index.ts';
import { notAfter, notBefore, rootKey, signingKey } from './support.ts';
import golden from './vectors/document-v1.json' with { type: 'json' };

/** Documents in the field cannot be recalled: this file never changes. A new format version gets a file of its own. */
describe('format version 1', () => {
  const rootPublicKey = importPublicKey(golden.rootPublicKey);

  test('the document of the day it was fixed still verifies and says the same', () => {
    const verified = verifyDocument(golden.jws, { rootPublicKey, installCode: golden.document.installCode });
    expect(verified).toEqual({
      document: golden.document,
      kid: golden.kid,
      rootKid: golden.rootKid,
      certificate: { notBefore, notAfter },
      revocations: null,
    });
  });

  test('the same keys and the same content still give the same bytes', () => {
    const certificate = issueCertificate({ rootKey, signingKey, notBefore, notAfter });
    expect(certificate).toBe(golden.certificate);
    const document = golden.document as Parameters<ReturnType<typeof createSigner>['sign']>[0];
    expect(createSigner({ signingKey, certificate }).sign(document)).toBe(golden.jws);
  });

  test('an issuer that knows when every term began gives these bytes still', () => {
    const licenses = golden.document.licenses.map((license) => ({ ...license, startsAt: license.activatedAt }));
    const { formatVersion: _, ...content } = { ...golden.document, licenses } as LicenseDocument;
    expect(createSigner({ signingKey, certificate: golden.certificate }).sign(documentOf(content))).toBe(golden.jws);
  });

  test('header and payload, byte by byte', () => {
    const [header = '', payload = ''] = golden.jws.split('.');
    expect(Buffer.from(header, 'base64url').toString()).toBe(golden.headerText);
    expect(Buffer.from(payload, 'base64url').toString()).toBe(golden.payloadText);
  });

  test('the certificate alone', () => {
    const { publicKey, ...certificate } = verifyCertificate(golden.certificate, { rootPublicKey });
    expect(certificate).toEqual({ kid: golden.kid, rootKid: golden.rootKid, notBefore, notAfter });
    expect(publicKey.equals(createPublicKey(signingKey))).toBe(true);
  });
});

import type { KeyObject } from 'node:crypto';
import { requireVersion, verifyCertificate } from './certificate.ts';
import { checkDocument, documentKind, formatVersions, type LicenseDocument } from './document.ts';
import { DocumentError, FormatError } from './errors.ts';
import { hasSignatureOf, openJws, parseStrictJson } from './jws.ts';
import { newerOf, verifyRevocations } from './revocation.ts';

/**
 * A document to be trusted. `kid`: the signing key; `rootKid`: the root key; validity of the signing key, ends included.
 * `revocations`: the newest statement of revoked keys, of the remembered and the carried one; null when there is none. A
 * caller that stores the document stores this with it, and passes it on to the next verification.
 */
export type VerifiedDocument = {
  document: LicenseDocument;
  kid: string;
  rootKid: string;
  certificate: { notBefore: Date; notAfter: Date };
  revocations: string | null;
};

/** What a document is verified against. Without `installCode` or `minimumSerial` that question is not asked. */
export type VerifyOptions = {
  /** The one thing the controller has to know beforehand. */
  rootPublicKey: KeyObject;
  /** This controller's install code in upper case. */
  installCode?: string;
  /** The serial of the document in use: a lower one is refused, the same is taken again. */
  minimumSerial?: number;
  /**
   * `kid` of the key that signed the document in use. Who stole that key can have set a serial that no genuine document will
   * reach; so one that itself carries the statement revoking this key, and was issued knowing that, is taken at any serial.
   */
  minimumSerialKeyId?: string | undefined;
  /** The newest statement of revoked keys that was ever seen here, as `VerifiedDocument.revocations` gave it. */
  revocations?: string | null | undefined;
};

/**
 * Verifies a license document offline, with nothing but the root key. No clock is asked: the signing key's certificate
 * must be valid when the document was issued, so a document verifies years later and after key rotations.
 * Nothing of the payload is parsed before its signature is known to be good; memory is bounded by the 1 MiB limit.
 * @throws DocumentError with the first `code` that applies; nothing else, whatever the input
 */
export const verifyDocument = (jws: string, options: VerifyOptions): VerifiedDocument => {
  const opened = orMalformed(() => openJws(jws, documentKind));
  const certificate = verifyCertificate(String(opened.header.cert), options);
  if (certificate.kid !== opened.header.kid) {
    throw new DocumentError('certificate_invalid', 'The certificate belongs to another signing key.');
  }
  if (!hasSignatureOf(opened, certificate.publicKey)) {
    throw new DocumentError('signature_invalid', 'The signature is wrong: the document was altered or is not genuine.');
  }
  const carried = verifiedRevocations(opened.header.rev, options);
  const revocations = newerOf(verifiedRevocations(options.revocations, options), carried);
  if (revocations?.revokedKeyIds.includes(certificate.kid)) {
    throw new DocumentError('key_revoked', 'The key that signed this document was revoked: it may be a forgery.');
  }
  const document = orMalformed(() => {
    const payload = parseStrictJson(opened.payload, 'license document');
    requireVersion(payload, formatVersions, 'license document');
    checkDocument(payload);
    return payload;
  });

  const { kid, rootKid, notBefore, notAfter } = certificate;
  const issuedAt = Date.parse(document.issuedAt);
  if (issuedAt < notBefore.getTime() || issuedAt > notAfter.getTime()) {
    throw new DocumentError('certificate_expired', 'The signing key was not certified when this document was issued.');
  }
  if (options.installCode !== undefined && options.installCode !== document.installCode) {
    throw new DocumentError('wrong_controller', 'This document is for another SmartServer: the install code differs.');
  }
  const { minimumSerial = 0, minimumSerialKeyId = '' } = options;
  if (document.serial < minimumSerial && !carried?.revokedKeyIds.includes(minimumSerialKeyId)) {
    throw new DocumentError('superseded', 'A newer document was already issued for this SmartServer.');
  }
  return { document, kid, rootKid, certificate: { notBefore, notAfter }, revocations: revocations?.text ?? null };
};

const verifiedRevocations = (statement: unknown, { rootPublicKey }: VerifyOptions) =>
  typeof statement === 'string' ? { text: statement, ...verifyRevocations(statement, { rootPublicKey }) } : null;

/**
 * What time it is at least, for a controller whose clock may run behind or have been set back: no earlier than its document was
 * issued. Terms are judged by this, so that a clock that lies gains nothing.
 */
export const timeAtLeast = (document: Pick<LicenseDocument, 'issuedAt'>, clock: Date): Date =>
  new Date(Math.max(clock.getTime(), Date.parse(document.issuedAt)));

const orMalformed = <T>(read: () => T): T => {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    throw new DocumentError('malformed', `This is not a license document. ${error.message}`);
  }
};

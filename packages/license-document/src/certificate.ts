import type { KeyObject } from 'node:crypto';
import { DocumentError, FormatError } from './errors.ts';
import { exactFields, type Fields, instant, jwk, keyThumbprint, literal } from './fields.ts';
import { hasSignatureOf, type JwsKind, jwsWriter, type OpenedJws, openJws, parseStrictJson } from './jws.ts';
import { keyId, keyOfJwk, type PublicJwk, publicJwk, readJwk, thumbprint } from './keys.ts';

const formatVersion = 1;
const maxLength = 4 * 1024;

const kind: JwsKind = { typ: 'smartserver-key-cert+jwt', headerFields: { kid: keyThumbprint }, maxLength };

const payloadFields: Fields = {
  formatVersion: literal(formatVersion),
  kid: keyThumbprint,
  jwk,
  notBefore: instant,
  notAfter: instant,
};

/** A signing key's certificate, read. `kid`: the signing key; `rootKid`: who certified it. Both validity ends are included. */
export type Certificate = { kid: string; rootKid: string; publicKey: KeyObject; notBefore: Date; notAfter: Date };

/**
 * Certifies a signing key with the root key. Done rarely, where the root key is kept.
 * @param options `rootKey`: private. `signingKey`: private or public; only its public half is used.
 *   Documents issued from `notBefore` to `notAfter`, both included, verify for ever.
 * @returns a compact JWS, typ `smartserver-key-cert+jwt`
 * @throws RangeError unless notBefore lies before notAfter; KeyError `wrong_type`
 */
export const issueCertificate = (options: {
  rootKey: KeyObject;
  signingKey: KeyObject;
  notBefore: Date;
  notAfter: Date;
}): string => {
  const { rootKey, signingKey, notBefore, notAfter } = options;
  if (!(notBefore < notAfter)) throw new RangeError('notBefore must lie before notAfter.');
  const publicKey = publicJwk(signingKey);
  const write = jwsWriter(kind.typ, { kid: keyId(rootKey) }, rootKey);
  return write({
    formatVersion,
    kid: thumbprint(publicKey),
    jwk: publicKey,
    notBefore: notBefore.toISOString(),
    notAfter: notAfter.toISOString(),
  });
};

/**
 * Per root key the certificate that was found good last. Documents come in runs under one signing key, whose certificate
 * costs as much to verify as the document; one entry keeps memory constant.
 */
const lastVerified = new WeakMap<KeyObject, { text: string; certificate: Certificate }>();

/**
 * Verifies a certificate against the root key. Whether it is valid at some instant is the caller's question.
 * @throws DocumentError `root_unknown`, `certificate_invalid` or `unsupported_version`
 */
export const verifyCertificate = (certificate: string, options: { rootPublicKey: KeyObject }): Certificate => {
  const { rootPublicKey } = options;
  const last = lastVerified.get(rootPublicKey);
  if (last?.text === certificate) return copyOf(last.certificate);
  const opened = orInvalid(() => openJws(certificate, kind));
  if (opened.header.kid !== keyId(rootPublicKey)) {
    throw new DocumentError('root_unknown', 'The signing key was certified by a root key that is not known here.');
  }
  if (!hasSignatureOf(opened, rootPublicKey)) {
    throw new DocumentError('certificate_invalid', 'The signature on the certificate of the signing key is wrong.');
  }
  const verified = readPayload(opened);
  lastVerified.set(rootPublicKey, { text: certificate, certificate: verified });
  return copyOf(verified);
};

/** Dates are mutable: callers get copies of those that are kept. */
const copyOf = (certificate: Certificate): Certificate => {
  const { notBefore, notAfter } = certificate;
  return { ...certificate, notBefore: new Date(notBefore), notAfter: new Date(notAfter) };
};

/**
 * Reads a certificate without verifying who signed it: for the holder of the signing key, who has no root key.
 * @throws DocumentError `certificate_invalid` or `unsupported_version`
 */
export const readOwnCertificate = (certificate: string): Certificate =>
  readPayload(orInvalid(() => openJws(certificate, kind)));

const readPayload = (opened: OpenedJws): Certificate =>
  orInvalid(() => {
    const payload = parseStrictJson(opened.payload, 'certificate');
    requireVersion(payload, [formatVersion], 'certificate of the signing key');
    exactFields(payload, 'certificate', payloadFields);
    const certified: PublicJwk = readJwk(payload.jwk, 'certified key');
    const [notBefore, notAfter] = [new Date(String(payload.notBefore)), new Date(String(payload.notAfter))];
    if (notBefore >= notAfter) throw new FormatError('The certificate ends before it begins.');
    if (payload.kid !== thumbprint(certified))
      throw new FormatError('The certificate names another key than it carries.');
    return {
      kid: payload.kid,
      rootKid: String(opened.header.kid),
      publicKey: keyOfJwk(certified),
      notBefore,
      notAfter,
    };
  });

/** Distinguishes a format of another version, which newer software may read, from a broken one. @throws DocumentError */
export const requireVersion = (payload: unknown, known: readonly number[], what: string): void => {
  const version = (payload as { formatVersion?: unknown } | null)?.formatVersion;
  if (Number.isInteger(version) && !known.includes(version as number)) {
    const hint = 'A newer software version may be needed.';
    throw new DocumentError('unsupported_version', `The ${what} has a format version that is not known here. ${hint}`);
  }
};

const orInvalid = <T>(read: () => T): T => {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    throw new DocumentError('certificate_invalid', `The certificate of the signing key is invalid. ${error.message}`);
  }
};

import type { KeyObject } from 'node:crypto';
import { requireVersion } from './certificate.ts';
import { DocumentError, FormatError } from './errors.ts';
import { exactFields, type Fields, instant, keyThumbprint, listOf, literal } from './fields.ts';
import { hasSignatureOf, type JwsKind, jwsWriter, type OpenedJws, openJws, parseStrictJson } from './jws.ts';
import { keyId } from './keys.ts';

const formatVersion = 1;
/** So that the statement, with the certificate, fits into the header of a document. */
const maxRevokedKeys = 64;

const kind: JwsKind = {
  typ: 'smartserver-key-revocations+jwt',
  headerFields: { kid: keyThumbprint },
  maxLength: 5 * 1024,
};

const payloadFields: Fields = {
  formatVersion: literal(formatVersion),
  issuedAt: instant,
  revokedKeyIds: listOf(keyThumbprint, maxRevokedKeys),
};

/** A statement of revoked signing keys, read. It lists all keys revoked until `issuedAt`; the newest statement counts alone. */
export type Revocations = { rootKid: string; issuedAt: Date; revokedKeyIds: string[] };

/**
 * States, with the root key, which signing keys are not to be trusted any more, whatever they signed and when. It travels in
 * every later document, so that a gateway without Internet hears of it.
 * @param options `rootKey`: private. `revokedKeyIds`: `kid` of every key revoked so far, 1 to 64, not just of the newest.
 *   `issuedAt`: later than that of every earlier statement
 * @returns a compact JWS, typ `smartserver-key-revocations+jwt`
 * @throws RangeError for a list or time that is none; KeyError `wrong_type`
 */
export const issueRevocation = (options: { rootKey: KeyObject; revokedKeyIds: string[]; issuedAt: Date }): string => {
  const { rootKey, issuedAt } = options;
  // In order, so that the same keys give the same bytes.
  const revokedKeyIds = [...new Set(options.revokedKeyIds)].sort();
  const payload = { formatVersion, issuedAt: issuedAt.toISOString(), revokedKeyIds };
  try {
    exactFields(payload, 'statement', payloadFields);
  } catch (error) {
    throw error instanceof FormatError ? new RangeError(error.message) : error;
  }
  return jwsWriter(kind.typ, { kid: keyId(rootKey) }, rootKey)(payload);
};

/** Per root key the statement that was found good last: every document of a time carries the same. */
const lastVerified = new WeakMap<KeyObject, { text: string; revocations: Revocations }>();

/**
 * Verifies a statement of revoked keys against the root key.
 * @throws DocumentError `revocations_invalid` or `unsupported_version`
 */
export const verifyRevocations = (statement: string, options: { rootPublicKey: KeyObject }): Revocations => {
  const { rootPublicKey } = options;
  const last = lastVerified.get(rootPublicKey);
  if (last?.text === statement) return copyOf(last.revocations);
  const opened = orInvalid(() => openJws(statement, kind));
  if (opened.header.kid !== keyId(rootPublicKey) || !hasSignatureOf(opened, rootPublicKey)) {
    throw new DocumentError(
      'revocations_invalid',
      'The statement of revoked keys was not signed by the known root key.',
    );
  }
  const revocations = readPayload(opened);
  lastVerified.set(rootPublicKey, { text: statement, revocations });
  return copyOf(revocations);
};

/** Reads a statement without verifying who signed it: for the issuer of documents, who has no root key. @throws DocumentError */
export const readOwnRevocations = (statement: string): Revocations =>
  readPayload(orInvalid(() => openJws(statement, kind)));

/** The newer of two verified statements; of two equally old ones the first. */
export const newerOf = <T extends { issuedAt: Date }>(first: T | null, second: T | null): T | null => {
  if (first === null || second === null) return first ?? second;
  return second.issuedAt > first.issuedAt ? second : first;
};

const readPayload = (opened: OpenedJws): Revocations =>
  orInvalid(() => {
    const payload = parseStrictJson(opened.payload, 'statement');
    requireVersion(payload, [formatVersion], 'statement of revoked keys');
    exactFields(payload, 'statement', payloadFields);
    const revokedKeyIds = (payload.revokedKeyIds as unknown[]).map(String);
    return { rootKid: String(opened.header.kid), issuedAt: new Date(String(payload.issuedAt)), revokedKeyIds };
  });

const copyOf = ({ rootKid, issuedAt, revokedKeyIds }: Revocations): Revocations => ({
  rootKid,
  issuedAt: new Date(issuedAt),
  revokedKeyIds: [...revokedKeyIds],
});

const orInvalid = <T>(read: () => T): T => {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    throw new DocumentError('revocations_invalid', `The statement of revoked keys is invalid. ${error.message}`);
  }
};

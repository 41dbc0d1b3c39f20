import { type KeyObject, sign, verify } from 'node:crypto';
import { decodeBase64url, encodeBase64url } from './base64url.ts';
import { FormatError } from './errors.ts';
import { exactFields, type Fields, literal } from './fields.ts';

/** A parsed compact JWS (RFC 7515). The payload is not yet to be trusted and so not yet parsed. */
export type OpenedJws = { header: Record<string, unknown>; payload: Buffer; signingInput: Buffer; signature: Buffer };

/** What kind of JWS is expected: its `typ`, its other header members besides `alg` and `typ`, and its greatest length. */
export type JwsKind = { typ: string; headerFields: Fields; maxLength: number };

const maxHeaderLength = 8 * 1024;
const signatureBytes = 64;

/** Makes a writer of compact JWS of one kind: the header is encoded once. `header`: without `alg` and `typ`. */
export const jwsWriter = (typ: string, header: object, key: KeyObject): ((payload: object) => string) => {
  const prefix = `${encodeBase64url(JSON.stringify({ alg: 'EdDSA', typ, ...header }))}.`;
  return (payload) => {
    const signingInput = prefix + encodeBase64url(JSON.stringify(payload));
    return `${signingInput}.${sign(null, Buffer.from(signingInput, 'latin1'), key).toString('base64url')}`;
  };
};

/** Parses a compact JWS and checks everything but the signature. Work is bounded by `maxLength`. @throws FormatError */
export const openJws = (jws: unknown, kind: JwsKind): OpenedJws => {
  if (typeof jws !== 'string') throw new FormatError('Text is needed.');
  if (jws.length > kind.maxLength) throw new FormatError(`It is longer than ${kind.maxLength} characters.`);
  const firstDot = jws.indexOf('.');
  const lastDot = jws.lastIndexOf('.');
  // A fourth part would show as a dot within the payload, which base64url does not have.
  if (firstDot < 1 || lastDot === firstDot) throw new FormatError('It does not have three parts separated by dots.');
  if (firstDot > maxHeaderLength) throw new FormatError('Its header is too long.');
  const header = parseStrictJson(decodeBase64url(jws.slice(0, firstDot), 'header'), 'header');
  exactFields(header, 'header', { alg: literal('EdDSA'), typ: literal(kind.typ), ...kind.headerFields });
  const signature = decodeBase64url(jws.slice(lastDot + 1), 'signature');
  if (signature.length !== signatureBytes) throw new FormatError('Its signature does not have 64 bytes.');
  const payload = decodeBase64url(jws.slice(firstDot + 1, lastDot), 'payload');
  return { header, payload, signingInput: Buffer.from(jws.slice(0, lastDot), 'latin1'), signature };
};

/** Whether the signature of an opened JWS was made by this Ed25519 key. */
export const hasSignatureOf = (opened: OpenedJws, publicKey: KeyObject): boolean =>
  verify(null, opened.signingInput, publicKey, opened.signature);

/**
 * Reads JSON that must be written the one way `JSON.stringify` writes it. That refuses repeated members (which other
 * readers may resolve otherwise), white space, needless escapes, other spellings of a number and invalid UTF-8.
 * @throws FormatError naming `where`
 */
export const parseStrictJson = (bytes: Buffer, where: string): unknown => {
  let value: unknown;
  let rewritten: Buffer;
  try {
    value = JSON.parse(bytes.toString('utf8'));
    // Also throws, for nesting too deep.
    rewritten = Buffer.from(JSON.stringify(value));
  } catch {
    throw new FormatError(`The ${where} is not JSON.`);
  }
  if (!rewritten.equals(bytes)) throw new FormatError(`The ${where} is not compact JSON without repeated members.`);
  return value;
};

import type { KeyObject } from 'node:crypto';
import { FormatError, ProofError } from './errors.ts';
import { exactFields, type Fields, jwk, text, wholeNumber } from './fields.ts';
import { hasSignatureOf, type JwsKind, jwsWriter, type OpenedJws, openJws, parseStrictJson } from './jws.ts';
import { keyOfJwk, type PublicJwk, publicJwk, readJwk, thumbprint } from './keys.ts';

const kind: JwsKind = {
  typ: 'smartserver-device-proof+jwt',
  headerFields: { jwk },
  maxLength: 8 * 1024,
};

/** Year 9999 in seconds: beyond it a Date could not be written as RFC 3339. */
const maxIssuedAtSeconds = 253_402_300_799;

const payloadFields: Fields = {
  aud: text(256),
  customerId: text(64),
  installCode: text(64),
  userType: text(64),
  iat: wholeNumber(0, maxIssuedAtSeconds),
  nonce: text(256),
};

/** What a controller states when it opens a session. `issuedAt` has whole seconds; texts as in `signDeviceProof`. */
export type DeviceProofClaims = {
  audience: string;
  customerId: string;
  installCode: string;
  userType: string;
  issuedAt: Date;
  nonce: string;
};

/** Claims whose signature was made by the key they come with. `thumbprint`: RFC 7638, to compare with the enrolled key's. */
export type VerifiedDeviceProof = DeviceProofClaims & { publicKeyJwk: PublicJwk; thumbprint: string };

/**
 * Proves possession of a controller's device key. [D] rule 13
 * @param options `deviceKey`: private. `issuedAt` is cut to whole seconds. `audience` and `nonce`: 1 to 256 characters;
 *   the others 1 to 64. No control characters.
 * @returns a compact JWS, typ `smartserver-device-proof+jwt`
 * @throws ProofError `malformed`; KeyError `wrong_type`
 */
export const signDeviceProof = (options: DeviceProofClaims & { deviceKey: KeyObject }): string => {
  const { deviceKey, audience, customerId, installCode, userType, issuedAt, nonce } = options;
  const iat = Math.floor(issuedAt.getTime() / 1000);
  const payload = { aud: audience, customerId, installCode, userType, iat, nonce };
  orMalformed(() => exactFields(payload, 'proof', payloadFields));
  return jwsWriter(kind.typ, { jwk: publicJwk(deviceKey) }, deviceKey)(payload);
};

/**
 * Checks form and signature of a device proof, nothing else: whether audience, time, nonce and key are the right ones is
 * for the caller to decide. @throws ProofError `malformed` or `signature_invalid`; nothing else, whatever the input
 */
export const verifyDeviceProof = (jws: string): VerifiedDeviceProof => {
  const { opened, publicKeyJwk } = orMalformed(() => {
    const opened: OpenedJws = openJws(jws, kind);
    return { opened, publicKeyJwk: readJwk(opened.header.jwk, 'device key') };
  });
  if (!hasSignatureOf(opened, keyOfJwk(publicKeyJwk))) {
    throw new ProofError('signature_invalid', 'The proof was not signed by the device key it names.');
  }
  return orMalformed(() => {
    const payload = parseStrictJson(opened.payload, 'proof');
    exactFields(payload, 'proof', payloadFields);
    return {
      publicKeyJwk,
      thumbprint: thumbprint(publicKeyJwk),
      audience: String(payload.aud),
      customerId: String(payload.customerId),
      installCode: String(payload.installCode),
      userType: String(payload.userType),
      issuedAt: new Date(Number(payload.iat) * 1000),
      nonce: String(payload.nonce),
    };
  });
};

const orMalformed = <T>(read: () => T): T => {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    throw new ProofError('malformed', `This is not a device proof. ${error.message}`);
  }
};

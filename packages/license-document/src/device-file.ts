import type { KeyObject } from 'node:crypto';
import { armour, type FileKind, requireSameText, unarmour } from './armour.ts';
import { requireVersion } from './certificate.ts';
import { DocumentError, FileError, FormatError } from './errors.ts';
import { exactFields, type Fields, jwk, literal } from './fields.ts';
import { hasSignatureOf, type JwsKind, jwsWriter, openJws, parseStrictJson } from './jws.ts';
import { keyOfJwk, type PublicJwk, publicJwk, readJwk, thumbprint } from './keys.ts';

const formatVersion = 1;

/** A kind of file that a device signs with its own key, which travels in the header; head: lines that follow from the payload. */
export type DeviceFileKind = FileKind & {
  typ: string;
  fields: Fields;
  head: (payload: Record<string, unknown>) => string[];
};

/** @throws FileError `malformed` or `too_large`; KeyError `wrong_type` */
export const writeDeviceFile = (kind: DeviceFileKind, deviceKey: KeyObject, content: object): string => {
  const payload = { formatVersion, ...content };
  orMalformed(kind, () => exactFields(payload, kind.what, fieldsOf(kind)));
  const jws = jwsWriter(kind.typ, { jwk: publicJwk(deviceKey) }, deviceKey)(payload);
  return armour(kind, kind.head(payload), jws);
};

/**
 * Checks form, signature and text of a file: that it says what the holder of the key in it signed.
 * @throws FileError; nothing else, whatever the input
 */
export const readDeviceFile = (
  kind: DeviceFileKind,
  text: string,
): { payload: Record<string, unknown>; publicKeyJwk: PublicJwk; thumbprint: string } => {
  const file = unarmour(kind, text);
  const { opened, publicKeyJwk } = orMalformed(kind, () => {
    const opened = openJws(file.jws, jwsKind(kind));
    return { opened, publicKeyJwk: readJwk(opened.header.jwk, 'device key') };
  });
  if (!hasSignatureOf(opened, keyOfJwk(publicKeyJwk))) {
    throw new FileError('signature_invalid', `This ${kind.what} was altered, or not signed by the device it names.`);
  }
  const payload = orMalformed(kind, () => {
    const payload = parseStrictJson(opened.payload, kind.what);
    requireVersion(payload, [formatVersion], kind.what);
    exactFields(payload, kind.what, fieldsOf(kind));
    return payload;
  });
  requireSameText(kind, file.text, armour(kind, kind.head(payload), file.jws));
  return { payload, publicKeyJwk, thumbprint: thumbprint(publicKeyJwk) };
};

const jwsKind = ({ typ, maxLength }: DeviceFileKind): JwsKind => ({ typ, headerFields: { jwk }, maxLength });

const fieldsOf = (kind: DeviceFileKind): Fields => ({ formatVersion: literal(formatVersion), ...kind.fields });

const orMalformed = <T>(kind: DeviceFileKind, read: () => T): T => {
  try {
    return read();
  } catch (error) {
    if (error instanceof FormatError) {
      throw new FileError('malformed', `This is not a genuine ${kind.what}. ${error.message}`);
    }
    if (error instanceof DocumentError) throw new FileError('unsupported_version', error.message);
    throw error;
  }
};

import type { KeyObject } from 'node:crypto';
import { type DeviceFileKind, readDeviceFile, writeDeviceFile } from './device-file.ts';
import { type Field, installCode, instant, name, serial, text, uuid } from './fields.ts';
import type { PublicJwk } from './keys.ts';

/** Greatest length of a `.req` file in characters: 16 KiB. */
export const maxRequestFileLength = 16 * 1024;

const uuidOrNull: Field = {
  check: (value) => value === null || uuid.check(value),
  expected: `null or ${uuid.expected}`,
};

const kind: DeviceFileKind = {
  what: 'SmartServer license request file',
  title: 'SmartServer license request file, format 1',
  label: 'SMARTSERVER LICENSE REQUEST',
  maxLength: maxRequestFileLength,
  typ: 'smartserver-license-request+jwt',
  fields: {
    installCode,
    customerId: uuidOrNull,
    segmentName: name(100),
    softwareVersion: name(50),
    serial,
    createdAt: instant,
    nonce: text(128),
  },
  head: (payload) => [
    `Controller:   ${payload.installCode}`,
    `Customer ID:  ${payload.customerId ?? 'not linked yet'}`,
    `Serial:       ${payload.serial}`,
    `Created:      ${payload.createdAt}`,
    '',
    'To use it, sign in to the License Customer Portal, choose the license and drop this file there. It holds no',
    'secret. Do not edit it: the text above describes the signed block below, and both must agree.',
  ],
};

/**
 * What a controller says of itself when it asks for an offline activation file.
 * `customerId`: null before it is linked. `serial`: of the document it uses now, 0 for none.
 */
export type RequestFile = {
  installCode: string;
  customerId: string | null;
  segmentName: string;
  softwareVersion: string;
  serial: number;
  createdAt: Date;
  nonce: string;
};

/** A request whose signature was made by the key it comes with. `thumbprint`: RFC 7638, to compare with the enrolled key's. */
export type VerifiedRequestFile = RequestFile & { publicKeyJwk: PublicJwk; thumbprint: string };

/**
 * Makes the `.req` file of a controller, signed by its device key.
 * @param options `deviceKey`: private. `installCode` in upper case; `customerId`: UUID in lower case; `segmentName` 1 to 100
 *   characters, `softwareVersion` 1 to 50, `nonce` 1 to 128, without control characters
 * @returns text, at most 16 KiB
 * @throws FileError `malformed`; KeyError `wrong_type`
 */
export const createRequestFile = (
  options: Omit<RequestFile, 'customerId'> & { deviceKey: KeyObject; customerId?: string | null | undefined },
): string => {
  const { deviceKey, installCode, customerId = null, segmentName, softwareVersion, serial, createdAt, nonce } = options;
  const created = { createdAt: isoOf(createdAt), nonce };
  return writeDeviceFile(kind, deviceKey, {
    installCode,
    customerId,
    segmentName,
    softwareVersion,
    serial,
    ...created,
  });
};

/**
 * Checks form, text and signature of a `.req` file: it proves that the holder of the device key in it made it, not that this
 * key is the controller's. Whether it is new, and the key the enrolled one, is for the caller to decide.
 * @throws FileError `too_large`, `truncated`, `malformed`, `signature_invalid`, `unsupported_version` or `head_mismatch`
 */
export const verifyRequestFile = (text: string): VerifiedRequestFile => {
  const { payload, publicKeyJwk, thumbprint } = readDeviceFile(kind, text);
  return {
    installCode: String(payload.installCode),
    customerId: payload.customerId === null ? null : String(payload.customerId),
    segmentName: String(payload.segmentName),
    softwareVersion: String(payload.softwareVersion),
    serial: Number(payload.serial),
    createdAt: new Date(String(payload.createdAt)),
    nonce: String(payload.nonce),
    publicKeyJwk,
    thumbprint,
  };
};

/** Internal: an instant as it is signed; an invalid Date becomes text that no check accepts. */
export const isoOf = (date: Date): string => (Number.isNaN(date.getTime()) ? 'invalid' : date.toISOString());

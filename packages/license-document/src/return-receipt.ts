import type { KeyObject } from 'node:crypto';
import { type DeviceFileKind, readDeviceFile, writeDeviceFile } from './device-file.ts';
import { installCode, instant, listOf, serial, text, uuid } from './fields.ts';
import type { PublicJwk } from './keys.ts';
import { isoOf } from './request-file.ts';

/** Greatest length of a `.ret` file in characters: 64 KiB. */
export const maxReturnReceiptLength = 64 * 1024;

const kind: DeviceFileKind = {
  what: 'SmartServer return receipt',
  title: 'SmartServer return receipt, format 1',
  label: 'SMARTSERVER RETURN RECEIPT',
  maxLength: maxReturnReceiptLength,
  typ: 'smartserver-return-receipt+jwt',
  fields: {
    installCode,
    customerId: uuid,
    licenseIds: listOf(uuid, 500),
    serial,
    createdAt: instant,
    nonce: text(128),
  },
  head: (payload) => {
    const licenseIds = payload.licenseIds as string[];
    return [
      `Controller:   ${payload.installCode}`,
      `Customer ID:  ${payload.customerId}`,
      `Serial:       ${payload.serial}`,
      `Created:      ${payload.createdAt}`,
      `Returned:     ${licenseIds.length}`,
      ...licenseIds.map((licenseId) => `  ${licenseId}`),
      '',
      'The licenses above were removed from this SmartServer. To make them free again, sign in to the License',
      'Customer Portal and upload this file. Keep it until that is done. Do not edit it: the text above describes the',
      'signed block below, and both must agree.',
    ];
  },
};

/**
 * What a controller states when it has removed licenses offline. `licenseIds`: 1 to 500. `serial`: the controller's after the
 * removal; from then on it refuses every document of this serial or a lower one.
 */
export type ReturnReceipt = {
  installCode: string;
  customerId: string;
  licenseIds: string[];
  serial: number;
  createdAt: Date;
  nonce: string;
};

/** A receipt whose signature was made by the key it comes with. `thumbprint`: RFC 7638, to compare with the enrolled key's. */
export type VerifiedReturnReceipt = ReturnReceipt & { publicKeyJwk: PublicJwk; thumbprint: string };

/**
 * Makes the `.ret` file of a controller, signed by its device key. To be made only after the licenses are gone for good.
 * @param options `deviceKey`: private. `nonce`: 1 to 128 characters without control characters
 * @returns text, at most 64 KiB
 * @throws FileError `malformed`; KeyError `wrong_type`
 */
export const createReturnReceipt = (options: ReturnReceipt & { deviceKey: KeyObject }): string => {
  const { deviceKey, installCode, customerId, licenseIds, serial, createdAt, nonce } = options;
  const created = { createdAt: isoOf(createdAt), nonce };
  return writeDeviceFile(kind, deviceKey, { installCode, customerId, licenseIds, serial, ...created });
};

/**
 * Checks form, text and signature of a receipt: it proves that the holder of the device key in it made it. Whether that is
 * the enrolled key, and whether these licenses were on that controller, is for the caller to decide.
 * @throws FileError `too_large`, `truncated`, `malformed`, `signature_invalid`, `unsupported_version` or `head_mismatch`
 */
export const verifyReturnReceipt = (text: string): VerifiedReturnReceipt => {
  const { payload, publicKeyJwk, thumbprint } = readDeviceFile(kind, text);
  return {
    installCode: String(payload.installCode),
    customerId: String(payload.customerId),
    licenseIds: (payload.licenseIds as unknown[]).map(String),
    serial: Number(payload.serial),
    createdAt: new Date(String(payload.createdAt)),
    nonce: String(payload.nonce),
    publicKeyJwk,
    thumbprint,
  };
};

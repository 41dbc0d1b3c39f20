import { createHash } from 'node:crypto';
import { type CreateOfflineActivationRequest, normalizeInstallCode, type ProblemCode } from '@smartserver/contracts';
import { FileError, verifyRequestFile } from '@smartserver/license-document';
import { problem } from '@smartserver/service-kit';

/**
 * How far a device's serial may be ahead of the cloud's: it counts its own offline returns, of which the cloud may not know
 * yet. Without a bound one file could use the numbers up.
 */
const MAX_SERIALS_AHEAD = 1_000_000;

/** The controller that an offline activation is for. `device`: what its request file proves; null where people typed the code. */
export type Target = { installCode: string; device: DeviceState | null };

/** What a device states in a signed file. Its clock is not believed: nothing here depends on it. */
export type DeviceState = {
  /** RFC 7638 thumbprint. */
  deviceKey: string;
  customerId: string | null;
  segmentName: string;
  softwareVersion: string;
  serial: number;
  /** The same for two files only if their content is the same. */
  digest: string;
};

/** @throws validation_failed unless exactly one of the two is there, request_file_invalid */
export const readTarget = ({ installCode, requestFile }: CreateOfflineActivationRequest): Target => {
  if (requestFile === undefined && installCode !== undefined) {
    return { installCode: normalizeInstallCode(installCode), device: null };
  }
  if (requestFile !== undefined && installCode === undefined) {
    const file = readDeviceFile('request_file_invalid', () => verifyRequestFile(requestFile));
    const { thumbprint, customerId, segmentName, softwareVersion, serial } = file;
    const device = { deviceKey: thumbprint, customerId, segmentName, softwareVersion, serial, digest: digestOf(file) };
    return { installCode: file.installCode, device };
  }
  const code = installCode === undefined ? 'required' : 'not_allowed';
  const detail = 'Give the install code, or the request file of the SmartServer: one of the two.';
  throw problem('validation_failed', { errors: [{ pointer: '/installCode', code, detail }] });
};

/**
 * @param read a function of the license-document package, whose errors say what is wrong without showing anything of the file
 * @throws the problem of that code
 */
export const readDeviceFile = <T>(code: ProblemCode, read: () => T): T => {
  try {
    return read();
  } catch (error) {
    if (error instanceof FileError) throw problem(code, { detail: error.message });
    throw error;
  }
};

/** Of everything that was signed, whatever happened to the text around it on its way. */
export const digestOf = (content: object): string =>
  createHash('sha256').update(JSON.stringify(content)).digest('base64url');

/** Whether a serial may come from a device whose controller the cloud knows at another. */
export const isPlausible = (deviceSerial: number, cloudSerial: number): boolean =>
  deviceSerial <= cloudSerial + MAX_SERIALS_AHEAD;

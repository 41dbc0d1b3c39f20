import type { KeyObject } from 'node:crypto';
import { join } from 'node:path';
import { exportPrivateKey, generateKey, importPrivateKey, KeyError } from '@smartserver/license-document';
import { CmsProblem } from '../problem.ts';
import { readTextFile, writeFileAtomically } from './files.ts';

const atMostBytes = 16 * 1024;
const fileOf = (folder: string): string => join(folder, 'device-key.pem');

/** @returns null where none was made yet. @throws CmsProblem device_key_damaged */
export const readDeviceKey = async (folder: string): Promise<KeyObject | null> => {
  const pem = await readTextFile(fileOf(folder), atMostBytes);
  if (pem === null) return null;
  try {
    return importPrivateKey(pem);
  } catch (error) {
    if (!(error instanceof KeyError)) throw error;
    throw new CmsProblem({
      code: 'device_key_damaged',
      title: 'The device key of this SmartServer cannot be read',
      detail: 'device-key.pem in its folder is damaged.',
      advice: 'Restore the file. If it is lost, ask Customer Success to reset the key of this install code.',
    });
  }
};

/** @throws CmsProblem device_key_missing: no other key could be proved to be this SmartServer's */
export const requireDeviceKey = async (folder: string): Promise<KeyObject> => {
  const key = await readDeviceKey(folder);
  if (key) return key;
  throw new CmsProblem({
    code: 'device_key_missing',
    title: 'The device key of this SmartServer is missing',
    detail: 'Its folder holds no device-key.pem.',
    advice: 'Restore the file. If it is lost, make a new one with init, and ask Customer Success to reset the old one.',
  });
};

/** Makes the device key on first use. It never leaves the folder: what is sent are proofs made with it [domain.md rule 13]. */
export const ensureDeviceKey = async (folder: string): Promise<KeyObject> => {
  const existing = await readDeviceKey(folder);
  if (existing) return existing;
  const key = generateKey();
  await writeFileAtomically(fileOf(folder), exportPrivateKey(key));
  return key;
};
